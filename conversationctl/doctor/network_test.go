package doctor_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTheCertificateOfATargetIsChecked runs the doctor against servers with TLS.
func TestTheCertificateOfATargetIsChecked(t *testing.T) {
	t.Parallel()
	valid := func(req *x509.Certificate) { req.DNSNames = []string{"shop.example"} }
	for _, server := range []struct {
		name    string
		change  func(*x509.Certificate)
		trusted bool
		want    want
	}{
		{"valid", valid, true, want{"ok", "webhook.target", "answers an unsigned request with 401"}},
		{"expired", func(cert *x509.Certificate) {
			valid(cert)
			cert.NotAfter = time.Date(2024, 5, 31, 0, 0, 0, 0, time.UTC)
		}, true, failure("webhook.target", "has a certificate that expired on 2024-05-31")},
		{"not valid yet", func(cert *x509.Certificate) {
			valid(cert)
			cert.NotBefore = time.Now().AddDate(0, 0, 7)
		}, true, failure("webhook.target", "has a certificate that is not valid before")},
		{"of another authority", valid, false, failure("webhook.target", "send the complete chain")},
		{
			"of another host", func(cert *x509.Certificate) { cert.DNSNames = []string{"www.shop.example"} }, true,
			failure("webhook.target", "has a certificate for another host name"),
		},
	} {
		t.Run(server.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.opts.CallbackURL = ""
			certificate := selfSigned(t, server.change)
			srv := httptest.NewUnstartedServer(receiver(t, webhookSecret))
			srv.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
			srv.Config.ErrorLog = discarded()
			srv.StartTLS()
			t.Cleanup(srv.Close)
			roots := x509.NewCertPool()
			if server.trusted {
				roots.AddCert(certificate.Leaf)
			}
			w.internet.serve("shop.example", dialing(t, srv, roots))
			findings := w.run()
			require.Contains(t, summary(findings), server.want.text)
			if server.want.level != "ok" {
				assertFindings(t, []want{server.want}, findings)
			}
		})
	}
}

func TestATargetWithoutTLSIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.opts.CallbackURL = ""
	srv := httptest.NewServer(receiver(t, webhookSecret))
	t.Cleanup(srv.Close)
	w.internet.serve("shop.example", dialing(t, srv, nil))
	assertFindings(t, []want{failure("webhook.target", "speaks http, but its address is an https one")}, w.run())
}

func TestATargetWithAnOldTLSIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.opts.CallbackURL = ""
	srv := httptest.NewUnstartedServer(receiver(t, webhookSecret))
	srv.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	srv.Config.ErrorLog = discarded()
	srv.StartTLS()
	t.Cleanup(srv.Close)
	w.internet.serve("shop.example", dialing(t, srv, nil))
	assertFindings(t, []want{failure("webhook.target", "rejects the TLS handshake")}, w.run())
}

// dialing connects to a server, whatever the host of the request.
func dialing(t *testing.T, srv *httptest.Server, roots *x509.CertPool) http.RoundTripper {
	t.Helper()
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, srv.Listener.Addr().String())
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

func selfSigned(t *testing.T, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Now().AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	change(template)
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}
