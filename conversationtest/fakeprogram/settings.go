package fakeprogram

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

const defaultAddr = "127.0.0.1:8787"

// settings are the values of the flags.
type settings struct {
	config      conversationtest.Config
	controlAddr string
	log         string

	script, contract, mode string // names

	version bool // print the version and exit

	pageAddr          string
	pageAddrIsDefault bool
}

var scripts = map[string]conversationtest.Script{
	"deliver":  conversationtest.ScriptDeliver,
	"read":     conversationtest.ScriptRead,
	"fail":     conversationtest.ScriptFail,
	"fallback": conversationtest.ScriptFallback,
	"none":     conversationtest.ScriptNone,
}

var contracts = map[string]conversationtest.Contract{
	"either":   conversationtest.EitherContract,
	"openapi":  conversationtest.OpenAPIContract,
	"platform": conversationtest.PlatformContract,
}

var modes = map[string]conversation.ProcessingMode{
	"dispatch":     conversation.ProcessingModeDispatch,
	"conversation": conversation.ProcessingModeConversation,
}

// Usage returns the usage of the program.
func Usage(name string) string {
	var usage strings.Builder
	flags := new(settings).flags(name)
	flags.SetOutput(&usage)
	flags.Usage()
	return usage.String()
}

// flags returns the flags, which set the values of s.
func (s *settings) flags(name string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	config := &s.config
	flags.StringVar(&config.Addr, "addr", defaultAddr, "`host:port` to listen on; port 0 selects a free port")
	flags.StringVar(&s.controlAddr, "control-addr", "", "second `host:port`, which serves the control API to every client; if empty, -addr serves it to clients on this machine")
	flags.StringVar(&s.pageAddr, "ui", defaultPageAddr, "`host:port` of the page for a browser; port 0 selects a free port; off for no page")
	flags.StringVar(&config.ProjectID, "project", "", "`id` of the project; generated if empty")
	flags.StringVar(&config.KeyID, "key-id", "", "`id` of the access key; generated if empty")
	flags.StringVar(&config.KeySecret, "key-secret", "", "`secret` of the access key; generated if empty")
	flags.StringVar(&config.AppID, "app", "", "`id` of the app that exists at the start; generated if empty")
	flags.DurationVar(&config.Latency, "latency", 0, "delay of each answer, such as 50ms")
	flags.StringVar(&s.script, "script", "none", "`script` of delivery reports for every message: deliver, read, fail, fallback or none")
	flags.StringVar(&s.contract, "contract", "platform", "`contract` that requests are checked against: platform (Sinch), openapi (openapi.yaml) or either")
	flags.StringVar(&s.mode, "mode", "dispatch", "processing `mode` of apps that set none: dispatch or conversation")
	flags.BoolVar(&s.version, "version", false, "print the version and exit")
	flags.StringVar(&s.log, "log", logText, "`format` of the log on stderr: text or json")
	return flags
}

// readFlags parses the flags. If it returns an error, it has printed the error and the usage. The error is flag.ErrHelp for
// -h.
func readFlags(name string, args []string, stderr io.Writer) (settings, error) {
	var read settings
	flags := read.flags(name)
	flags.SetOutput(stderr)
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	read.pageAddrIsDefault = true
	flags.Visit(func(given *flag.Flag) { read.pageAddrIsDefault = read.pageAddrIsDefault && given.Name != "ui" })
	read.config.LogLimit, read.config.ServeControl = logLimit, read.controlAddr == ""
	err := errors.Join(read.setScript(), read.setContract(), read.setMode(), read.check(flags.Args()))
	if err != nil {
		fmt.Fprintln(stderr, err)
		flags.Usage()
	}
	return read, err
}

func (s *settings) setScript() error {
	script, ok := scripts[s.script]
	if !ok {
		return wrong("script", s.script, "must be deliver, read, fail, fallback or none")
	}
	s.config.Script = script
	return nil
}

func (s *settings) setContract() error {
	contract, ok := contracts[s.contract]
	if !ok {
		return wrong("contract", s.contract, "must be platform, openapi or either")
	}
	s.config.Contract = contract
	return nil
}

func (s *settings) setMode() error {
	mode, ok := modes[s.mode]
	if !ok {
		return wrong("mode", s.mode, "must be dispatch or conversation")
	}
	s.config.Mode = mode
	return nil
}

func (s *settings) check(rest []string) error {
	if len(rest) > 0 {
		return fmt.Errorf("unexpected argument %q: the program accepts flags only", rest[0])
	}
	if _, _, err := net.SplitHostPort(s.config.Addr); err != nil {
		return wrong("addr", s.config.Addr, "must be host:port")
	}
	if _, _, err := net.SplitHostPort(s.controlAddr); err != nil && s.controlAddr != "" {
		return wrong("control-addr", s.controlAddr, "must be host:port")
	}
	if _, _, err := net.SplitHostPort(s.pageAddr); err != nil && s.pageAddr != noPage {
		return wrong("ui", s.pageAddr, "must be host:port, or off")
	}
	if s.config.Latency < 0 {
		return wrong("latency", s.config.Latency.String(), "must not be negative")
	}
	if s.log != logText && s.log != logJSON {
		return wrong("log", s.log, "must be text or json")
	}
	key := conversation.WithOAuth2(cmp.Or(s.config.KeyID, "key"), cmp.Or(s.config.KeySecret, "secret"))
	_, err := conversation.NewClient(cmp.Or(s.config.ProjectID, "project"), key, conversation.WithRegion(conversation.RegionEU))
	if err != nil {
		return fmt.Errorf("invalid value for flag -project, -key-id or -key-secret: %w", err)
	}
	return nil
}

func wrong(flag, value, rule string) error {
	return fmt.Errorf("invalid value %q for flag -%s: it %s", value, flag, rule)
}
