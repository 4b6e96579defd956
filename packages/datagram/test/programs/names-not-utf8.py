# Two UNIX peers whose names differ in one byte that is not UTF-8. The first asks and does not read; the second then asks and
# reads. Prints what each receives.
import os, socket, sys

server, directory = sys.argv[1], os.fsencode(sys.argv[2])

def peer(name):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.bind(os.path.join(directory, name))
    s.settimeout(10)
    return s

def ask(s, id):
    s.sendto(b'{"jsonrpc":"2.0","method":"t:ok","id":"%s"}' % id.encode(), server)

first, second = peer(b'c\xff'), peer(b'c\xfe')
for n in range(30):
    ask(first, 'first')
ask(second, 'second')
print(second.recv(1000).decode(), flush=True)
for n in range(30):
    print(first.recv(1000).decode(), flush=True)
