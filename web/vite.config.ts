import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import elementPlus from 'unplugin-element-plus/vite'
import { defineConfig } from 'vitest/config'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

// The desk is served by Anmi itself, so in development every word of the API goes to a running one.
const anmi = process.env.ANMI ?? 'http://127.0.0.1:8170'

export default defineConfig({
  plugins: [vue(), elementPlus({})],
  resolve: { alias: { '@': at('./src') } },
  define: { __INTLIFY_PROD_DEVTOOLS__: 'false' },
  build: {
    outDir: at('../anmi/desk'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
  optimizeDeps: {
    include: [
      'element-plus/es',
      'element-plus/es/components/*/style/css',
      'element-plus/es/locale/lang/*',
      '@lucide/vue',
    ],
  },
  server: {
    port: 5173,
    proxy: { '/api': { target: anmi, ws: true } },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } },
    maxWorkers: 2,
  },
})
