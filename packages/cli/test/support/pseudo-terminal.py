"""
Runs a command on a pseudo terminal; its keyboard is stdin, its screen stdout. The first argument has the sizes of the
terminal, lines and columns: 24x100,10x40. SIGUSR1 gives it the next one, SIGUSR2 does what fg does to a stopped command.
"""
import fcntl, os, pty, select, signal, struct, sys, termios

sizes = [[int(number) for number in size.split("x")] for size in sys.argv[1].split(",")]


def set_size(fd):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", *sizes.pop(0), 0, 0))


pid, terminal = pty.fork()
if pid == 0:
    set_size(0)
    os.execvp(sys.argv[2], sys.argv[2:])
sizes.pop(0)
signal.signal(signal.SIGUSR1, lambda *_: set_size(terminal))
signal.signal(signal.SIGUSR2, lambda *_: os.kill(pid, signal.SIGCONT))
sources = [terminal, 0]
while True:
    ready, _, _ = select.select(sources, [], [])
    if 0 in ready:
        typed = os.read(0, 4096)
        if typed:
            os.write(terminal, typed)
        else:
            sources.remove(0)
    if terminal in ready:
        try:
            shown = os.read(terminal, 65536)
        except OSError:  # The other side is closed: Linux says EIO for it.
            shown = b""
        if not shown:
            break
        os.write(1, shown)
status = os.waitpid(pid, 0)[1]
sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
