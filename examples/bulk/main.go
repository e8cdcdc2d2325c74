// Command bulk sends a message to each of many people, with a progress bar.
//
//	go run ./examples/bulk                                  # 10,000 messages to a fake server in this process
//	go run ./examples/bulk -live -file numbers.txt          # on Sinch: a text message to each number of the file, one a line
//	go run ./examples/bulk -live -file numbers.txt -skip 4711
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION and SINCH_APP_ID.
// After an interrupt it prints where to continue.
package main

import (
	"bufio"
	"context"
	"fmt"
	"iter"
	"math"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

func main() {
	os.Exit(setup.Main("bulk", run))
}

func run(ctx context.Context, p *setup.Program) error {
	file := p.Text("file", "", "a file of phone numbers, one a line")
	count := p.Flags.Int("count", 10_000, "how many made-up numbers there are without -file")
	skip := p.Flags.Int("skip", 0, "how many numbers an earlier run handled")
	perSecond := p.Flags.Float64("rate", 0, "messages a second at most; the default is the rate of the app")
	p.FakeConfig = conversationtest.Config{Latency: time.Millisecond}
	client, appID, err := p.ConnectApp() // yours: conversation.NewClientFromEnv()
	if err != nil {
		return err
	}
	if !p.Live && *perSecond == 0 {
		*perSecond = math.Inf(1) // The fake reports the rate of the app, as Sinch does, but does not enforce it.
	}
	numbers, err := readNumbers(*file, *count)
	if err != nil {
		return err
	}
	numbers = numbers[min(max(*skip, 0), len(numbers)):]

	bar := progressbar.NewOptions(len(numbers), progressbar.OptionSetWriter(p.Out), progressbar.OptionShowCount(),
		progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond))
	var problems []string
	started := time.Now()
	sum, err := client.Messages.SendMany(ctx, messages(appID, numbers), conversation.SendManyOptions{
		PerSecond: *perSecond,
		OnResult: func(result conversation.SendResult) {
			_ = bar.Add(1)
			if result.Outcome != conversation.OutcomeAccepted {
				problems = append(problems, fmt.Sprintf("number %d: %s: %v", *skip+result.Index+1, result.Outcome, result.Err))
			}
		},
	})
	took := time.Since(started)
	p.Printf("\n%d accepted, %d rejected, %d not sent, %d unknown, in %s: %.0f a second.\n", sum.Accepted, sum.Rejected, sum.NotSent,
		sum.Unknown, took.Round(time.Millisecond), float64(sum.Taken)/took.Seconds())
	for _, problem := range problems[:min(len(problems), 10)] {
		p.Printf("%s\n", problem)
	}
	if err != nil {
		return fmt.Errorf("stopped early: continue with -skip %d, and send again to the numbers that were not sent to: %w", *skip+sum.Taken, err)
	}
	return nil
}

// messages creates each message when it is sent, so a long list costs no memory.
func messages(appID string, numbers []string) iter.Seq[*conversation.SendMessageRequest] {
	return func(yield func(*conversation.SendMessageRequest) bool) {
		for _, number := range numbers {
			if !yield(&conversation.SendMessageRequest{
				AppID:     appID,
				Recipient: conversation.ToChannel(conversation.ChannelSMS, number),
				Message:   conversation.Text("We close at four today."),
			}) {
				return
			}
		}
	}
}

// readNumbers reads a file of numbers. Without a file it returns made-up numbers.
func readNumbers(name string, count int) ([]string, error) {
	var numbers []string
	if name == "" {
		for i := range count {
			numbers = append(numbers, fmt.Sprintf("1555%07d", i))
		}
		return numbers, nil
	}
	file, err := os.Open(name) //nolint:gosec // The user names the file.
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if number := strings.TrimSpace(lines.Text()); number != "" {
			numbers = append(numbers, number)
		}
	}
	return numbers, lines.Err()
}
