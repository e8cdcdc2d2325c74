package browsertest

import (
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestThePageSurvivesARestartOfTheFake(t *testing.T) {
	t.Parallel()
	before := newFake(t)
	address, stop := serve(t, "127.0.0.1:0", before.UI())
	p := newTab(t, "http://"+address)
	p.expect("net::ERR") // While there is no fake.
	p.load("/")
	id := before.send(conversation.ChannelSMS, number, text("before the restart"))
	p.goTo("message", id)
	p.inMessage(id, "before the restart")

	stop()
	p.waitFor("Reconnecting")
	after := newFake(t)
	after.send(conversation.ChannelSMS, "15559990000", text("after the restart"))
	serve(t, address, after.UI())
	p.waitFor("Live")
	p.waitFor("after the restart")
	p.waitGone("before the restart")
	p.goTo("message", after.send(conversation.ChannelSMS, "15559990000", text("and it follows the new one")))
	p.waitFor("and it follows the new one")
}

func TestAResetEmptiesThePage(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/")
	id := f.send(conversation.ChannelSMS, number, text("before the reset"))
	p.goTo("message", id)
	p.inMessage(id, "before the reset")
	f.Reset()
	p.waitGone("before the reset")
	p.goTo("message", f.send(conversation.ChannelSMS, number, text("after the reset")))
	p.waitFor("after the reset")
}

func TestALinkOpensItsMessageOrRequest(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	var ids []string
	for range 300 {
		ids = append(ids, f.send(conversation.ChannelSMS, number, text("one of many")))
	}
	wanted := f.send(conversation.ChannelSMS, "15559990000", text("the wanted message"))
	p := f.open("/#/message/" + ids[3])
	p.waitUntil("document.activeElement.dataset.id === " + quoted(ids[3]))
	p.load("/#/message/" + wanted)
	p.inMessage(wanted, "the wanted message")
	p.load("/#/request/301")
	p.find("heading", "Messages.Send")
	p.waitFor("the wanted message")
	p.load("/#/message/01BX5ZZKBKACTAV9WEVGEMMVRZ")
	p.waitFor("Live")
}

// serve serves a handler on the address until the test ends, or stop is called.
func serve(t *testing.T, address string, handler http.Handler) (bound string, stop func()) {
	t.Helper()
	var listener net.Listener
	require.Eventually(t, func() bool {
		var err error
		listener, err = net.Listen("tcp", address) //nolint:noctx // Listening does not block.
		return err == nil
	}, patience, step)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	stop = func() { _ = server.Close() }
	t.Cleanup(stop)
	return listener.Addr().String(), stop
}
