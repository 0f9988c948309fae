/** Where a contact detail comes from, in words; one from before the six lawful channels stays as it was written. */

export const sourceText = (source: string, t: (key: string) => string, te: (key: string) => boolean): string =>
  te(`casework.source.${source}`) ? t(`casework.source.${source}`) : source
