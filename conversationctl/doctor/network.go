package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
	"time"
)

// networkProblem returns why a server did not answer, as the rest of a sentence that begins with the server, and the fix.
func networkProblem(err error) (what, fix string) {
	if what, fix = certificateProblem(err); what != "" {
		return what, fix
	}
	if network, ok := errors.AsType[*net.OpError](err); ok && network.Op == "proxyconnect" {
		return "cannot be reached through the proxy of HTTPS_PROXY", "correct HTTPS_PROXY, or add the host to NO_PROXY"
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		if dns.IsNotFound {
			return "cannot be reached: the DNS does not know the host name " + said(dns.Name), "correct the host name, or the DNS of this machine"
		}
		return "cannot be reached: the DNS does not answer", "check the network and the DNS of this machine"
	}
	slow, isNetwork := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), isNetwork && slow.Timeout():
		return "does not answer in time", "check that the server runs, and the firewalls and proxies between this machine and it"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "cannot be reached: it refuses the connection", "check that the server runs at this address and port, and the firewalls before it"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "cannot be reached: there is no route to it", "check the network of this machine"
	case errors.Is(err, http.ErrSchemeMismatch):
		return "speaks http, but its address is an https one", "correct the scheme or the port of the address, or set up TLS"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "closes the connection without an answer", "look at the log of the server, and check the proxies before it"
	}
	return "cannot be reached: " + said(withoutURL(err).Error()), "check the address, the network and the proxies of this machine"
}

// certificateProblem returns why TLS failed, or "".
func certificateProblem(err error) (what, fix string) {
	if expired, ok := errors.AsType[x509.CertificateInvalidError](err); ok && expired.Reason == x509.Expired && expired.Cert != nil {
		if until := expired.Cert.NotAfter; until.Before(time.Now()) {
			return "has a certificate that expired on " + until.UTC().Format(time.DateOnly), "renew the certificate, or set the clock of this machine if that is wrong"
		}
		return "has a certificate that is not valid before " + expired.Cert.NotBefore.UTC().Format(time.DateOnly),
			"set the clock of this machine, or replace the certificate"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "has a certificate of an authority that is not trusted here",
			"send the complete chain of the certificate; behind a proxy that inspects TLS, trust its authority on this machine"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "has a certificate for another host name", "use a certificate for the host name of the address, or correct the address"
	}
	if network, ok := errors.AsType[*net.OpError](err); ok && network.Op == "remote error" {
		return "rejects the TLS handshake: " + said(network.Err.Error()), "allow TLS 1.2 or later at the server, and clients without a certificate"
	}
	_, record := errors.AsType[tls.RecordHeaderError](err)
	_, verification := errors.AsType[*tls.CertificateVerificationError](err)
	_, invalid := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case record:
		return "does not speak TLS, but its address is an https one", "correct the scheme or the port of the address, or set up TLS"
	case verification, invalid:
		return "has a certificate that is not valid", "replace the certificate"
	}
	return "", ""
}

// withoutURL unwraps the errors of net/http that hold a URL, which may hold a secret.
func withoutURL(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return withoutURL(wrapped.Err)
	}
	return err
}
