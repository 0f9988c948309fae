/** Language and appearance: changed at once here, and kept in the profile. */

import { useSession } from '@/api/session'
import { useSay } from '@/kit/say'
import { theme, type Theme } from '@/kit/theme'
import { setLocale, type Locale } from '@/words'

export function useTaste() {
  const session = useSession()
  const say = useSay()

  async function keep(taste: { locale?: Locale; theme?: Theme }): Promise<void> {
    try {
      await session.rememberTaste(taste)
    } catch (thrown) {
      say.failed(thrown)
    }
  }

  function speak(code: Locale): void {
    setLocale(code)
    void keep({ locale: code })
  }

  function dress(code: Theme): void {
    theme.value = code
    void keep({ theme: code })
  }

  return { speak, dress }
}
