// Deferred, so it runs before the load event: the browser then replaces this page in the history,
// and Back leads to the terms and not into a loop.
document.getElementById('continue').submit()
