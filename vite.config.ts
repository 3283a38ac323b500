// Four builds, chosen by `vite build --mode playground | library | site | node`, and two Vitest projects: Node and real
// Chromium.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { playwright } from '@vitest/browser-playwright';
import type { Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { chromiumArgs } from './e2e/support/chromium.ts';
import { elementManifest } from './src/node/setup/element-manifest.mjs';
import type { Release } from './src/offline/offline-rules.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Extensions that every host knows: some answer 404 for others, or serve a script of theirs as
 * `application/octet-stream`, which a browser refuses as a module.
 */
const PUBLISHED_AS: Readonly<Record<string, string>> = { '.mjs': '.js', '.wasm': '.bin' };

const assetFileNames = ({ names }: { readonly names: readonly string[] }): string => {
  const extension = extname(names[0] ?? '');
  return `assets/[name]-[hash]${PUBLISHED_AS[extension] ?? extension}`;
};

/** Few hosts compress `.bin`, so ONNX Runtime's modules are gzipped here; src/encode/browser-runtime.ts unpacks them. */
function gzippedRuntimes(): Plugin {
  return {
    name: 'gzipped-runtimes',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const [file, output] of Object.entries(bundle))
          if (/\/ort-[^/]*\.bin$/.test(file) && output.type === 'asset')
            output.source = gzipSync(output.source, { level: 9 });
      },
    },
  };
}

const shared: ViteUserConfig = {
  // Sites serve the files from any folder: every worker, wasm and chunk address is relative to the file that names it.
  base: './',
  worker: { format: 'es', rolldownOptions: { output: { assetFileNames } } },
  build: {
    target: 'es2022',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    rolldownOptions: { output: { assetFileNames } },
  },
};

/**
 * lit makes a Trusted Types policy of its own when it is loaded; this plugin replaces it with ours, so that a site
 * names one policy only. The build fails where lit's code differs from what is replaced.
 */
function oneTrustedTypesPolicy(): Plugin {
  let replaced = 0;
  return {
    name: 'one-trusted-types-policy',
    transform(code, id) {
      if (!/\/lit-html\/(?:development\/)?lit-html\.js$/.test(id)) return null;
      const made = /\w+\.createPolicy\(\s*['"]lit-html['"],\s*\{\s*createHTML:\s*\(?(\w+)\)?\s*=>\s*\1,?\s*\}\s*\)/g;
      if ((code.match(made) ?? []).length !== 1)
        throw new Error('lit-html makes its Trusted Types policy in another way than expected.');
      replaced++;
      return {
        code: `import { trustedPolicy } from ${JSON.stringify(here('./src/trusted-types.ts'))};\n${code.replace(made, 'trustedPolicy()')}`,
        map: null,
      };
    },
    buildEnd(error) {
      if (error === undefined && replaced !== 1)
        throw new Error('lit-html was not found: its Trusted Types policy could not be replaced.');
    },
  };
}

/**
 * Vite wraps every dynamic import in a function that also inserts `<link>` elements for what the chunk imports. A page
 * of somebody else's is to be left alone, and only training and charts have such chunks: they wait for one request more.
 */
function noPreloadLinks(): Plugin {
  let replaced = 0;
  return {
    name: 'no-preload-links',
    enforce: 'pre',
    load(id) {
      if (id !== '\0vite/preload-helper.js') return null;
      replaced++;
      return 'export const __vitePreload = (load) => load();';
    },
    buildEnd(error) {
      if (error === undefined && replaced !== 1)
        throw new Error('The function by which Vite preloads was not found: it could not be replaced.');
    },
  };
}

function customElementsManifest(): Plugin {
  return {
    name: 'custom-elements-manifest',
    generateBundle() {
      this.emitFile({
        type: 'asset',
        fileName: 'custom-elements.json',
        source: JSON.stringify(elementManifest(here('./src/widget')), null, 2),
      });
    },
  };
}

/**
 * Makes offline.js a classic script that contains the list of its build's files and their hashes: those that a first
 * search needs (named by the element or by what it names, up to the workers that are started later), and the others.
 */
function offlineFiles(): Plugin {
  const isLater = /(?:encoder|trainer)\.worker-|\/(?:split|plot|trainer|ort)-|\.bin$/;
  return {
    name: 'offline-files',
    writeBundle: {
      order: 'post',
      handler({ dir = '' }) {
        const assets = readdirSync(join(dir, 'assets')).map((name) => `assets/${name}`);
        const ahead = ['era-search.js'];
        for (const file of ahead) {
          const code = readFileSync(join(dir, file), 'utf8');
          ahead.push(
            ...assets.filter(
              (asset) => !isLater.test(asset) && !ahead.includes(asset) && code.includes(asset.slice('assets/'.length)),
            ),
          );
        }
        const hashed = (files: readonly string[]): Record<string, string> =>
          Object.fromEntries(files.map((file) => [file, hash(readFileSync(join(dir, file)))]));
        const files = { ahead: hashed(ahead), later: hashed(assets.filter((asset) => !ahead.includes(asset))) };
        const release: Release = { id: hash(JSON.stringify(files)), ...files };
        const script = join(dir, 'offline.js');
        const code = readFileSync(script, 'utf8');
        if (/\b(?:import|export)\b[^.]/.test(code) || !code.includes('RELEASE'))
          throw new Error('offline.js is not one script, or does not ask for the files of the build.');
        writeFileSync(script, `((RELEASE)=>{${code}})(${JSON.stringify(release)});\n`);
      },
    },
  };
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

const offline = VitePWA({
  strategies: 'generateSW',
  registerType: 'prompt',
  injectRegister: false, // offline.ts registers it, under our Trusted Types policy
  manifest: false,
  workbox: {
    inlineWorkboxRuntime: true,
    globPatterns: ['**/*.{html,js,css,bin,svg}'],
    maximumFileSizeToCacheInBytes: 20 * 1024 * 1024, // onnxruntime's module has 7 MB; the default drops it silently
    navigateFallbackDenylist: [/\/v1\//],
    clientsClaim: true, // the first visit's models are then cached by this worker too
    runtimeCaching: [
      {
        urlPattern: /\/(models|adapters)\//,
        handler: 'CacheFirst',
        options: { cacheName: 'era-search-models-1', cacheableResponse: { statuses: [200] } },
      },
      {
        urlPattern: /\/corpora\//,
        handler: 'NetworkFirst',
        options: { cacheName: 'era-search-corpora-1', cacheableResponse: { statuses: [200] } },
      },
    ],
  },
});

const playground: ViteUserConfig = {
  ...shared,
  plugins: [gzippedRuntimes(), offline],
  root: here('./src/workbench'),
  publicDir: false, // the server serves public/ beside the build: 100 MB of models need no copy
  build: { ...shared.build, outDir: here('./dist/playground') },
};

/**
 * The runtimes (WebAssembly modules, and the scripts that start ONNX Runtime's) are 11 MB, and the site has the same
 * bytes under the same names, since a name holds its content's hash. So the library takes those beside it, in
 * dist/site, and the package holds each runtime once. The build fails where it finds none, or would name one in a way
 * that this does not know.
 */
function runtimesOfSite(): Plugin {
  return {
    name: 'runtimes-of-site',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const runtimes = Object.keys(bundle).filter((file) => /\.bin$|\/ort-[^/]*\.js$/.test(file));
        if (runtimes.length === 0) throw new Error('The library has no runtimes: nothing to take from dist/site.');
        const moved = (file: string, code: string): string => {
          const up = '../'.repeat(file.split('/').length);
          for (const runtime of runtimes) {
            const name = runtime.slice(runtime.lastIndexOf('/') + 1);
            code = code.replaceAll(
              new RegExp(`new URL\\("(?:assets/)?${name.replaceAll('.', '\\.')}", import\\.meta\\.url\\)`, 'g'),
              `new URL("${up}site/assets/${name}", import.meta.url)`,
            );
            if (code.replaceAll(`site/assets/${name}`, '').includes(name))
              throw new Error(`${file} names ${name} in another way than expected.`);
          }
          return code;
        };
        for (const [file, output] of Object.entries(bundle)) {
          if (runtimes.includes(file)) Reflect.deleteProperty(bundle, file);
          else if (output.type === 'chunk') output.code = moved(file, output.code);
          else if (file.endsWith('.js')) output.source = moved(file, output.source.toString());
        }
      },
    },
  };
}

const library: ViteUserConfig = {
  ...shared,
  plugins: [runtimesOfSite()],
  publicDir: false,
  build: {
    ...shared.build,
    outDir: here('./dist/lib'),
    minify: false,
    // Not `build.lib`: that inlines every wasm file as base64 (vite#3643).
    rolldownOptions: {
      input: { 'era-search': here('./src/index.ts'), extend: here('./src/extend.ts') },
      preserveEntrySignatures: 'strict',
      output: { assetFileNames, entryFileNames: '[name].js' },
    },
  },
};

/**
 * The files that a site serves: the element as one script, its workers, and the owner's page. `era-search index` copies
 * them beside the site's index.
 */
const site: ViteUserConfig = {
  ...shared,
  plugins: [gzippedRuntimes(), oneTrustedTypesPolicy(), noPreloadLinks(), customElementsManifest(), offlineFiles()],
  root: here('./src/site'),
  publicDir: false,
  build: {
    ...shared.build,
    outDir: here('./dist/site'),
    rolldownOptions: {
      input: {
        'era-search': here('./src/widget/era-search.ts'),
        playground: here('./src/site/playground/index.html'),
        offline: here('./workers/service-worker.ts'),
      },
      preserveEntrySignatures: 'allow-extension',
      output: {
        assetFileNames,
        entryFileNames: ({ name }) =>
          name === 'era-search' || name === 'offline' ? '[name].js' : 'assets/[name]-[hash].js',
        // Training shares modules with the owner's page: they get a chunk of their own, so that fetching one does not
        // run the other.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'split', test: /src\/(?:math\/random|evaluate\/split)\.ts$/ },
            {
              name: 'plot',
              test: /node_modules\/(?:@observablehq\/plot|d3[a-z-]*|internmap|isoformat|interval-tree-1d|binary-search-bounds|delaunator|robust-predicates)\//,
            },
          ],
        },
      },
    },
  },
};

const node: ViteUserConfig = {
  ...shared,
  publicDir: false,
  build: {
    ...shared.build,
    target: 'node20',
    ssr: true,
    minify: false,
    outDir: here('./dist/node'),
    rolldownOptions: {
      input: {
        cli: here('./src/node/cli.ts'),
        index: here('./src/node/index.ts'),
        contract: here('./src/contract.ts'),
        'embed-worker': here('./src/node/embed-worker.ts'),
      },
    },
  },
};

/**
 * Limits that only end a hung test; no test passes or fails by them on a working machine. Vitest's defaults are 10 s
 * for a hook and 1 s for a poll.
 */
const limits = { testTimeout: 600_000, hookTimeout: 600_000, expect: { poll: { timeout: 120_000 } } };

const test: ViteUserConfig = {
  publicDir: here('./public'),
  worker: { format: 'es' },
  test: {
    // Vitest leaves one core free, which on two cores is one of two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['src/**/*.test.ts', 'e2e/fuzz/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', '**/node_modules/**'],
          setupFiles: ['src/node/setup/property-seed-for-test.ts'],
          ...limits,
        },
      },
      {
        extends: true,
        test: {
          name: 'browsers',
          environment: 'node',
          include: ['e2e/browsers/*.test.ts'],
          globalSetup: ['e2e/browsers/provide-sites.ts'],
          ...limits,
        },
      },
      {
        extends: true,
        // Listed here so that the first run does not find them during a test and reload the page.
        optimizeDeps: {
          include: [
            'idb',
            'ky',
            '@noble/hashes/sha2.js',
            '@huggingface/transformers',
            'onnxruntime-web/wasm',
            '@tensorflow/tfjs-core',
            '@tensorflow/tfjs-backend-cpu',
            '@tensorflow/tfjs-backend-wasm',
            '@tensorflow/tfjs-backend-webgpu',
          ],
        },
        test: {
          name: 'chromium',
          include: ['src/**/*.browser.test.ts', 'workers/**/*.browser.test.ts'],
          provide: {
            browserSequences: {
              numRuns: Number(process.env['ERA_BROWSER_SEQUENCES'] ?? 25),
              seed: Number(process.env['FUZZ_SEED'] ?? 20261128) || Date.now() % 2 ** 31, // `random` is no number
            },
          },
          ...limits,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                args: chromiumArgs,
                ...(process.env['CHROMIUM_PATH'] ? { executablePath: process.env['CHROMIUM_PATH'] } : {}),
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
};

const builds: Record<string, ViteUserConfig> = { playground, library, site, node, test };

export default defineConfig(({ mode }) => {
  const config = builds[mode] ?? playground;
  if (!existsSync(here('./node_modules')))
    throw new Error('Dependencies are missing: run npm start or npm test, which install them.');
  return config;
});
