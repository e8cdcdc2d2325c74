package command

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/sinchgo/conversation"
)

// settings are the flags for the connection. Each sets the environment variable that conversation.NewClientFromEnv reads, so
// that flags and variables follow the same rules.
type settings struct {
	values     []*setting
	secretFile string
	insecure   bool
	verbose    bool
}

type setting struct {
	flag, variable, usage string
	value                 string
}

const (
	envKeySecret = "SINCH_KEY_SECRET"
	envInsecure  = "SINCH_CONVERSATION_INSECURE_HTTP"
)

func (s *settings) addFlags(flags *pflag.FlagSet) {
	s.values = []*setting{
		{flag: "project-id", variable: "SINCH_PROJECT_ID", usage: "`id` of the project"},
		{flag: "key-id", variable: "SINCH_KEY_ID", usage: "`id` of the access key"},
		{flag: "region", variable: "SINCH_CONVERSATION_REGION", usage: "`region` of the app: us, eu or br"},
		{flag: "base-url", variable: "SINCH_CONVERSATION_BASE_URL", usage: "`address` of the API, if it is not Sinch, such as a fake"},
		{flag: "templates-base-url", variable: "SINCH_TEMPLATES_BASE_URL", usage: "`address` of the API for templates, if it is not Sinch"},
		{flag: "batch-base-url", variable: "SINCH_BATCH_BASE_URL", usage: "`address` of the API for batches, if it is not Sinch"},
		{flag: "token-url", variable: "SINCH_TOKEN_URL", usage: "`address` of the token endpoint, if it is not Sinch"},
		{flag: "dialect", variable: "SINCH_CONVERSATION_DIALECT", usage: "`dialect` of the API: platform or openapi"},
	}
	for _, value := range s.values {
		flags.StringVar(&value.value, value.flag, "", value.usage+" (environment: "+value.variable+")")
	}
	flags.StringVar(&s.secretFile, "key-secret-file", "", "`file` with the secret of the access key; - is stdin (environment: "+envKeySecret+")")
	flags.BoolVar(&s.insecure, "insecure-http", false, "accept http addresses, for tests (environment: "+envInsecure+")")
}

// export sets the environment variables of the flags that were passed.
func (p *program) exportSettings(ctx context.Context) error {
	s := &p.settings
	for _, value := range s.values {
		if value.value != "" {
			if err := os.Setenv(value.variable, value.value); err != nil {
				return usageError("--%s: %w", value.flag, err)
			}
		}
	}
	if s.insecure {
		if err := os.Setenv(envInsecure, "true"); err != nil {
			return err
		}
	}
	if s.secretFile == "" {
		return nil
	}
	secret, err := p.readInput(ctx, "--key-secret-file", s.secretFile)
	if err != nil {
		return err
	}
	if strings.TrimSpace(string(secret)) == "" {
		return usageError("--key-secret-file: %s is empty: write the secret of the access key to it", s.secretFile)
	}
	if err := os.Setenv(envKeySecret, strings.TrimSpace(string(secret))); err != nil {
		return usageError("--key-secret-file: %s is not the text of a secret: write the secret to it, and nothing else", s.secretFile)
	}
	s.secretFile = "" // Stdin can be read once.
	return nil
}

// client returns the client of the flags and the environment. It asks for the key secret if a terminal is all that can
// answer. An option of opts overrides flags and environment.
func (p *program) client(ctx context.Context, opts ...conversation.Option) (*conversation.Client, error) {
	if err := p.prepareClient(ctx); err != nil {
		return nil, err
	}
	client, err := conversation.NewClientFromEnv(append(p.clientOptions(), opts...)...)
	if err != nil {
		return nil, usageError("%w", err)
	}
	return client, nil
}

// clientOptions are the options of every client.
func (p *program) clientOptions() []conversation.Option {
	opts := []conversation.Option{conversation.WithUserAgent("conversationctl/" + conversation.Version)}
	if p.settings.verbose {
		opts = append(opts, conversation.WithLogger(slog.New(slog.NewTextHandler(p.Err, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	}
	return opts
}

// prepareClient sets the environment that conversation.NewClientFromEnv reads.
func (p *program) prepareClient(ctx context.Context) error {
	if err := p.exportSettings(ctx); err != nil {
		return err
	}
	if os.Getenv(envKeySecret) != "" || !p.Asks {
		return nil
	}
	secret, err := p.Secret(ctx, "Secret of the access key")
	if err != nil {
		return fmt.Errorf("the secret of the access key: %w", err)
	}
	return os.Setenv(envKeySecret, secret)
}
