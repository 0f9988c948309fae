/** What a browser says of itself, as people call it: `Chrome 141 · Windows`. */

// Order matters: every browser also claims to be its ancestors.
const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ['WeChat', /MicroMessenger\/(\d+)/],
  ['Edge', /Edg\w*\/(\d+)/],
  ['360', /QihooBrowser\/(\d+)/],
  ['QQ', /QQBrowser\/(\d+)/],
  ['Opera', /OPR\/(\d+)/],
  ['Firefox', /Firefox\/(\d+)/],
  ['Chrome', /Chrome\/(\d+)/],
  ['Safari', /Version\/(\d+).*Safari/],
]
const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ['Windows', /Windows/],
  ['Android', /Android/],
  ['HarmonyOS', /HarmonyOS|OpenHarmony/],
  ['iOS', /iPhone|iPad/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
]

export function deviceText(userAgent: string): string {
  const browser = BROWSERS.map(([name, pattern]) => ({ name, match: pattern.exec(userAgent) })).find(
    ({ match }) => match !== null,
  )
  const system = SYSTEMS.find(([, pattern]) => pattern.test(userAgent))?.[0]
  const named = browser === undefined ? undefined : `${browser.name} ${browser.match?.[1] ?? ''}`.trim()
  // Something that is no browser keeps its own words, up to the first blank.
  return [named ?? userAgent.split(' ')[0] ?? '', system].filter(Boolean).join(' · ')
}
