import { nextTick, ref } from 'vue'
import { describe, expect, it } from 'vitest'
import { useStick } from './stick'

function list(scrollTop: number) {
  const box = { scrollTop, scrollHeight: 500, clientHeight: 100 } as HTMLElement
  const count = ref(3)
  return { box, count, stick: useStick(ref(box), () => count.value) }
}
const settle = async (): Promise<void> => {
  await nextTick()
  await nextTick()
}

describe('a list that grows at its end', () => {
  it('follows as long as nobody scrolls back', async () => {
    const { box, count } = list(400)
    box.scrollTop = 0
    count.value += 1
    await settle()
    expect(box.scrollTop).toBe(500)
  })

  it('stays where somebody reads, and counts what came meanwhile', async () => {
    const { box, count, stick } = list(100)
    stick.scrolled()
    count.value += 2
    await settle()
    expect([box.scrollTop, stick.unread.value, stick.isAtEnd.value]).toEqual([100, 2, false])
    stick.toEnd()
    expect([stick.unread.value, stick.isAtEnd.value]).toEqual([0, true])
  })
})
