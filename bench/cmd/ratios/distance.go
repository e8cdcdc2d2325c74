package main

import (
	"net"
	"time"
)

// distant returns an address that is a round trip away from a server: it passes on what it receives, half a round trip
// later in each direction. The kernel answers the handshake of TCP by itself, so the round trip of that is added to the first
// bytes.
func distant(server string, roundTrip time.Duration) (address string, stop func()) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It ends with stop.
	check(err)
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			connected := time.Now().Add(roundTrip)
			conn, err := net.Dial("tcp", server) //nolint:noctx // It is on this machine.
			check(err)
			go pass(conn, client, connected, roundTrip/2)
			go pass(client, conn, connected, roundTrip/2)
		}
	}()
	return listener.Addr().String(), func() { check(listener.Close()) }
}

// parcel is bytes on their way.
type parcel struct {
	bytes []byte
	due   time.Time
}

// pass passes on bytes until there are no more, each after a delay that begins when the connection is there.
func pass(to, from net.Conn, connected time.Time, delay time.Duration) {
	parcels := make(chan parcel, 1000)
	go func() {
		for p := range parcels {
			time.Sleep(time.Until(p.due))
			_, _ = to.Write(p.bytes) // It fails if the other side has left.
		}
		_ = to.Close()
	}()
	defer close(parcels)
	for {
		buffer := make([]byte, 32<<10)
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		sent := time.Now()
		if sent.Before(connected) {
			sent = connected
		}
		parcels <- parcel{buffer[:n], sent.Add(delay)}
	}
}
