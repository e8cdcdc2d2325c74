package command

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// sinch is Sinch by its real names, over TLS: the token endpoint and three regions with the same project and key, behind a
// proxy. The app is in the EU.
type sinch struct {
	eu    *conversationtest.Server
	hosts map[string]http.Handler
	env   []string // what a user sets, and how the process reaches this Sinch

	mu    sync.Mutex
	asked []string // hosts in the order of the requests to them
}

const hooksHost = "hooks.example.com"

// newSinch starts Sinch. The target of webhooks at https://hooks.example.com is hooks, or cannot be reached if that is nil.
func newSinch(t *testing.T, hooks http.Handler) *sinch {
	t.Helper()
	s := &sinch{eu: conversationtest.NewServer(conversationtest.Config{InMemory: true}), hosts: map[string]http.Handler{}}
	t.Cleanup(s.eu.Close)
	s.addRegion("eu", s.eu)
	for _, region := range []string{"us", "br"} {
		srv := conversationtest.NewServer(conversationtest.Config{
			ProjectID: s.eu.ProjectID(), KeyID: s.eu.KeyID(), KeySecret: s.eu.KeySecret(), InMemory: true,
		})
		t.Cleanup(srv.Close)
		require.NoError(t, srv.NewClient(t).Apps.Delete(t.Context(), srv.AppID()))
		s.addRegion(region, srv)
	}
	s.hosts["auth.sinch.com"] = forward(s.eu, strings.TrimSuffix(s.eu.TokenURL(), "/oauth2/token"))
	if hooks != nil {
		s.hosts[hooksHost] = hooks
	}
	certificate, file := selfSigned(t)
	s.env = []string{
		"SINCH_PROJECT_ID=" + s.eu.ProjectID(),
		"SINCH_KEY_ID=" + s.eu.KeyID(),
		"SINCH_KEY_SECRET=" + s.eu.KeySecret(),
		"SINCH_CONVERSATION_REGION=eu",
		"HTTPS_PROXY=" + s.startProxy(t, certificate),
		"SSL_CERT_FILE=" + file,
	}
	return s
}

// ctl returns the environment of a user.
func (s *sinch) ctl() ctl { return ctl{env: s.env} }

// client returns a client for the EU.
func (s *sinch) client(t *testing.T) *conversation.Client {
	t.Helper()
	return s.eu.NewClient(t)
}

// hostsAsked returns the hosts that were requested.
func (s *sinch) hostsAsked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

func (s *sinch) addRegion(region string, srv *conversationtest.Server) {
	s.hosts[region+".conversation.api.sinch.com"] = forward(srv, srv.BaseURL())
	s.hosts[region+".template.api.sinch.com"] = forward(srv, srv.BaseURL())
	s.hosts[region+".conversationbatch.api.sinch.com"] = forward(srv, srv.BatchURL())
}

// forward forwards requests to a server. Each region has tokens of its own, so the key stands in for a token: only the token
// endpoint returns one.
func forward(srv *conversationtest.Server, base string) http.Handler {
	target, err := url.Parse(base)
	if err != nil {
		panic(err)
	}
	return &httputil.ReverseProxy{
		Transport: srv.Transport(),
		ErrorLog:  log.New(io.Discard, "", 0),
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			if strings.HasPrefix(r.In.Header.Get("Authorization"), "Bearer ") {
				r.Out.SetBasicAuth(srv.KeyID(), srv.KeySecret())
			}
		},
	}
}

// startProxy starts a proxy that leads to hosts over TLS, and to no other host. It returns its address.
func (s *sinch) startProxy(t *testing.T, certificate tls.Certificate) string {
	t.Helper()
	connections := &connections{accepted: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
		ReadHeaderTimeout: time.Minute,
		ErrorLog:          log.New(io.Discard, "", 0),
	}
	go func() { _ = server.ServeTLS(connections, "", "") }() // It returns http.ErrServerClosed.
	t.Cleanup(func() { _ = server.Close() })
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || s.hosts[strings.TrimSuffix(r.Host, ":443")] == nil {
			http.Error(w, "no such host", http.StatusBadGateway)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		connections.add(conn)
	}))
	t.Cleanup(proxy.Close)
	return proxy.URL
}

func (s *sinch) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.Host)
	s.mu.Unlock()
	if handler := s.hosts[r.Host]; handler != nil {
		handler.ServeHTTP(w, r)
	}
}

// connections is a listener of connections that were accepted elsewhere.
type connections struct {
	accepted chan net.Conn
	once     sync.Once
	closed   chan struct{}
}

func (c *connections) add(conn net.Conn) {
	select {
	case c.accepted <- conn:
	case <-c.closed:
		_ = conn.Close()
	}
}

func (c *connections) Accept() (net.Conn, error) {
	select {
	case conn := <-c.accepted:
		return conn, nil
	case <-c.closed:
		return nil, net.ErrClosed
	}
}

func (c *connections) Close() error {
	c.once.Do(func() { close(c.closed) })
	return nil
}

func (*connections) Addr() net.Addr { return &net.TCPAddr{} }

// selfSigned returns a certificate of all hosts, and the file for the processes that trust it.
func selfSigned(t *testing.T) (certificate tls.Certificate, file string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(240 * time.Hour),
		DNSNames: []string{
			"auth.sinch.com", "*.conversation.api.sinch.com", "*.template.api.sinch.com", "*.conversationbatch.api.sinch.com", hooksHost,
		},
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	file = filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}
