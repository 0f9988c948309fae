import { createApp, defineComponent, effectScope, h, KeepAlive, nextTick, ref } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { deviceText } from './device'
import { hearKey, useKeys } from './keys'
import { readYuan, yuan } from './money'
import { leftText } from './time'

describe('a wait', () => {
  it.each([
    [0, '0:00'],
    [-4, '0:00'],
    [4.2, '0:05'],
    [245, '4:05'],
    [3845, '1:04:05'],
  ])('of %d seconds reads %s', (seconds, text) => {
    expect(leftText(seconds)).toBe(text)
  })
})

describe('an amount', () => {
  it.each([
    [0, '0.00'],
    [5, '0.05'],
    [123_450, '1,234.50'],
    [-100_000_000, '-1,000,000.00'],
  ])('of %d fen reads %s', (fen, text) => {
    expect(yuan(fen)).toBe(text)
  })

  it.each([
    ['1234.5', 123_450],
    ['１，２３４．５０', 123_450],
    ['¥ 1,234 元', 123_400],
    ['0.07', 7],
    ['19.99', 1999],
  ])('typed as %s is %d fen', (typed, fen) => {
    expect(readYuan(typed)).toBe(fen)
  })

  it.each(['', '一千', '-5', '1.234', '1.2.3', '12e3'])('is not read out of “%s”', (typed) => {
    expect(readYuan(typed)).toBeNull()
  })
})

describe('a device', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
      'Chrome 141 · Windows',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
      'Edge 140 · Windows',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
      'Safari 18 · macOS',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50',
      'WeChat 8 · iOS',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0', 'Firefox 131 · Linux'],
    ['curl/8.5.0', 'curl/8.5.0'],
    ['', ''],
  ])('that says %s is called %s', (userAgent, text) => {
    expect(deviceText(userAgent)).toBe(text)
  })
})

describe('keys', () => {
  const pressed: string[] = []
  const key = (keys: string) => ({ keys, label: () => keys, run: () => void pressed.push(keys) })
  const press = (target: EventTarget, name: string, more: KeyboardEventInit = {}): void => {
    const event = new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more })
    target.addEventListener('keydown', (heard) => hearKey(heard as KeyboardEvent), { once: true })
    target.dispatchEvent(event)
  }

  beforeEach(() => {
    pressed.length = 0
    document.body.innerHTML = '<input id="field"><div id="page"></div>'
  })

  it('lead to a room in two strokes', () => {
    const scope = effectScope()
    scope.run(() => useKeys([key('g p'), key('p')]))
    const page = document.getElementById('page') as HTMLElement
    press(page, 'g')
    press(page, 'p')
    expect(pressed).toEqual(['g p'])
    scope.stop()
  })

  it('stay silent while somebody types, except the palette', () => {
    const scope = effectScope()
    scope.run(() => useKeys([key('?'), key('Ctrl+K')]))
    const field = document.getElementById('field') as HTMLElement
    press(field, '?')
    press(field, 'k', { ctrlKey: true })
    expect(pressed).toEqual(['Ctrl+K'])
    scope.stop()
  })

  it('with Alt are heard while somebody types, whatever letter a Mac writes for them', () => {
    const scope = effectScope()
    scope.run(() => useKeys([key('Alt+W')]))
    press(document.getElementById('field') as HTMLElement, '∑', { altKey: true, code: 'KeyW' })
    expect(pressed).toEqual(['Alt+W'])
    scope.stop()
  })

  it('belong to the input method while Chinese is composed', () => {
    const scope = effectScope()
    scope.run(() => useKeys([key('n')]))
    press(document.getElementById('page') as HTMLElement, 'n', { isComposing: true })
    expect(pressed).toEqual([])
    scope.stop()
  })

  it('are heard by the page before the shell, and by nobody after it is left', () => {
    const heard = vi.fn()
    const shell = effectScope()
    const page = effectScope()
    shell.run(() => useKeys([key('n')]))
    page.run(() => useKeys([{ keys: 'n', label: () => '', run: heard }]))
    const body = document.getElementById('page') as HTMLElement
    press(body, 'n')
    expect(heard).toHaveBeenCalledOnce()
    page.stop()
    press(body, 'n')
    expect(pressed).toEqual(['n'])
    shell.stop()
  })

  it('reach the case in front, and none that is kept alive behind it', async () => {
    const front = ref('one')
    const Case = defineComponent({
      props: { name: { type: String, required: true } },
      setup(props) {
        useKeys([{ keys: 'Alt+S', label: () => '', run: () => void pressed.push(props.name) }])
        return () => props.name
      },
    })
    const app = createApp(() => h(KeepAlive, () => h(Case, { key: front.value, name: front.value })))
    const page = document.getElementById('page') as HTMLElement
    app.mount(page)
    for (const name of ['two', 'one', 'two']) {
      front.value = name
      await nextTick()
      press(page, 's', { altKey: true, code: 'KeyS' })
    }
    expect(pressed).toEqual(['two', 'one', 'two'])
    app.unmount()
    press(page, 's', { altKey: true, code: 'KeyS' })
    expect(pressed).toHaveLength(3)
  })
})
