/** Where the desk is put together. */

import { createPinia } from 'pinia'
import { createApp } from 'vue'
import '@/kit/tokens.css'
import '@/kit/base.css'
import '@/kit/element.css'
import 'element-plus/es/components/message/style/css'
import 'element-plus/es/components/message-box/style/css'
import { watchPresence } from '@/api/presence'
import { applyTheme } from '@/kit/theme'
import { i18n } from '@/words'
import App from './App.vue'
import { makeRouter } from './router'

applyTheme()
watchPresence()
createApp(App).use(createPinia()).use(i18n).use(makeRouter()).mount('#app')
