/** Files on their way to Anmi, with progress, and from Anmi to the person's disk. */

import { manner } from './client'
import { refusalOf, Unreachable } from './failure'

/** Send a form with a file; `onProgress` hears the share sent, from 0 to 1. `fetch` cannot tell it. */
export function upload<Answer>(path: string, form: FormData, onProgress: (share: number) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1/${path}`)
    request.setRequestHeader('Accept-Language', manner.locale)
    if (manner.csrfToken !== null) request.setRequestHeader('X-CSRF-Token', manner.csrfToken)
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    }
    request.onerror = () => reject(new Unreachable('upload'))
    request.onload = () => {
      const answer = new Response(request.responseText, { status: request.status })
      if (answer.ok) resolve(JSON.parse(request.responseText) as Answer)
      else refusalOf(answer).then(reject, reject)
    }
    request.send(form)
  })
}

/** Fetch a file and hand it to the browser's own downloads; a refusal is thrown like any other. */
export async function download(path: string, name: string): Promise<void> {
  let answer: Response
  try {
    answer = await globalThis.fetch(`/api/v1/${path}`, { headers: { 'Accept-Language': manner.locale } })
  } catch (fault) {
    throw new Unreachable(String(fault))
  }
  if (!answer.ok) throw await refusalOf(answer)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
