// The service worker: the application opens without a network. The interface's answers are never kept.
// The build puts in RELEASE and SHELL, so that this file changes exactly when what it keeps does.
const KEPT = 'banjie-' + RELEASE
const OURS = ['/api/', '/health/', '/metrics'] // the server's own answers

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(['/', ...SHELL])))
})

self.addEventListener('activate', (event) => {
  const forget = async () => {
    for (const name of await caches.keys()) if (name.startsWith('banjie-') && name !== KEPT) await caches.delete(name)
    await self.clients.claim()
  }
  event.waitUntil(forget())
})

// A newer release waits until the person takes it: no page changes under anybody's hands.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting()
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin || OURS.some((path) => pathname.startsWith(path))) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (pathname.startsWith('/assets/')) event.respondWith(asset(request))
  else if (SHELL.includes(pathname)) event.respondWith(fetch(request).catch(() => caches.match(request)))
})

/** The newest page; the kept one while there is no network. */
async function page(request) {
  try {
    return await fetch(request)
  } catch {
    return (await caches.match('/')) ?? Response.error()
  }
}

/** A file whose name holds its hash never changes: the kept one is the right one. */
async function asset(request) {
  const kept = await caches.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) await (await caches.open(KEPT)).put(request, answer.clone())
  return answer
}
