// How tests start Chromium: flags that give WebGPU on a machine without a GPU, and no background traffic.

/**
 * SwiftShader as the WebGPU adapter. Other flags (Vulkan through ANGLE) hang or give no adapter on a machine without a
 * GPU.
 */
export const chromiumArgs: string[] = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
