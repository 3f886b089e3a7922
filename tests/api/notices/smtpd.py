"""An SMTP server with moods, for the tests of mail: a process of its own that speaks SMTP over a socket.

The local part of the recipient says what happens: `later…` is refused for the moment the first two times, `never…` for good,
`slow…` is left without an answer the first time, everybody else's mail is taken. Each mail that is taken is printed as one
line of JSON. The first line says the port.
"""

import asyncio
import email
import json
import os
import sys

from aiosmtpd.smtp import SMTP


class Moods:
    def __init__(self):
        self.tries = {}

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        tries = self.tries[address] = self.tries.get(address, 0) + 1
        if address.startswith("never"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later") and tries <= 2:
            return "451 4.3.0 try again later"
        if address.startswith("slow") and tries == 1:
            await asyncio.sleep(30)
            return "451 4.3.0 too late"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content)
        subject = str(email.header.make_header(email.header.decode_header(message["Subject"])))
        body = message.get_payload(decode=True).decode("utf-8")
        taken = {
            "to": envelope.rcpt_tos,
            "from": message["From"],
            "subject": subject,
            "body": body,
            "message_id": message["Message-ID"],
            "auto_submitted": message["Auto-Submitted"],
        }
        print(json.dumps(taken), flush=True)
        return "250 OK"


async def main():
    moods = Moods()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(moods, hostname="localhost"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Ends with the test that started it, at once: clients that were left without an answer are not waited for.
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
