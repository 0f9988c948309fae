import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import elementPlus from 'unplugin-element-plus/vite'
import type { PluginOption } from 'vite'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

// The desk is served by Anmi itself, so in development every API word goes to a running one.
const anmi = process.env.ANMI ?? 'http://127.0.0.1:8170'

export default defineConfig(async ({ mode }): Promise<ViteUserConfig> => {
  const plugins: PluginOption[] = [vue(), elementPlus({})]
  if (mode === 'fake') plugins.push((await import('./dev/fake-plugin')).fakeApi())
  return {
    plugins,
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
      include: ['element-plus/es', 'element-plus/es/components/*/style/css', 'element-plus/es/locale/lang/*', '@lucide/vue'],
    },
    server: {
      port: 5173,
      proxy:
        mode === 'fake' ? {} : { '/api': { target: anmi, ws: true }, '/healthz': anmi },
    },
    test: {
      environment: 'happy-dom',
      include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
      server: { deps: { inline: ['element-plus'] } },
      maxWorkers: 2,
    },
  }
})
