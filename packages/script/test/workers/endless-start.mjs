// Neither listens nor ends.
setInterval(() => {}, 1_000)
await new Promise(() => {})
