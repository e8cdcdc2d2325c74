package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// newCertificate returns a certificate of loopback that signs itself, with a key of ECDSA P-256.
func newCertificate() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	check(err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// trusting returns a transport that trusts a certificate. Its settings are those of the SDK's own, which differ from the default
// in the number of connections that are kept, and in the pings of HTTP/2.
func trusting(der []byte) *http.Transport {
	certificate, err := x509.ParseCertificate(der)
	check(err)
	roots := x509.NewCertPool()
	roots.AddCert(certificate)
	own, _ := tuned().(*http.Transport)
	own.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
	own.IdleConnTimeout = 30 * time.Second
	own.HTTP2 = &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 5 * time.Second}
	return own
}

// pemFile writes a certificate to a file in dir, for a program that is not in Go.
func pemFile(dir string, der []byte) string {
	file := filepath.Join(dir, "certificate.pem")
	check(os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	return file
}

// ownTransport causes the clients of the SDK that are created next without an http.Client to use a transport made from this one, as
// they usually use one made from the default.
func ownTransport(from *http.Transport) (restore func()) {
	usual := http.DefaultTransport
	http.DefaultTransport = from
	return func() { http.DefaultTransport = usual }
}
