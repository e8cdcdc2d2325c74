package command

import (
	"context"
	"strings"
	"sync"

	"github.com/sinchgo/conversation"
)

// importRun imports the lines of a file, several at the same time, and reports them in their order.
type importRun struct {
	client      *conversation.Client
	lines       *contactLines
	report      *importReport
	concurrency int
	idFromID    bool // The id of a line without an external id is its external id.

	last sync.Map // external id to the done channel of the last line with it, while that line is under way
}

// importJob is the import of one line. Its results may be read after done is closed.
type importJob struct {
	*contactLine
	externalID string
	after      chan struct{} // done of the line before it with the same external id; nil without one
	done       chan struct{}

	action  conversation.UpsertAction
	stopped error // why the whole import stops
}

// run imports all lines. It returns after each call that it began has ended.
func (r *importRun) run(ctx context.Context) error {
	dispatching, stop := context.WithCancel(ctx)
	defer stop()
	queue := make(chan *importJob, 2*r.concurrency)
	var unread error
	go func() {
		defer close(queue)
		unread = r.dispatch(dispatching, queue)
	}()
	var stopped error
	for job := range queue {
		<-job.done
		if stopped == nil {
			stopped = r.finish(job)
		}
		if stopped != nil {
			stop()
		}
	}
	if stopped != nil {
		return stopped
	}
	return unread
}

func (r *importRun) finish(job *importJob) error {
	if job.stopped != nil {
		return job.stopped
	}
	return r.report.add(job.contactLine, job.action)
}

// dispatch starts a job for each line.
func (r *importRun) dispatch(ctx context.Context, queue chan<- *importJob) error {
	slots := make(chan struct{}, r.concurrency)
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			return errInterrupted
		}
		line, err := r.lines.next()
		if line == nil || err != nil {
			return err
		}
		job := r.newJob(line)
		go func() {
			defer func() { <-slots }()
			defer close(job.done)
			r.do(ctx, job)
		}()
		queue <- job
	}
}

func (r *importRun) newJob(line *contactLine) *importJob {
	job := &importJob{contactLine: line, done: make(chan struct{})}
	if line.problem != "" {
		return job
	}
	job.externalID = line.contact.ExternalID
	if job.externalID == "" && r.idFromID {
		job.externalID = line.contact.ID
	}
	if strings.TrimSpace(job.externalID) == "" {
		line.problem = "external_id: is missing: set it, or pass --external-id-from id for lines that have an id"
		return job
	}
	if before, found := r.last.Swap(job.externalID, job.done); found {
		job.after, _ = before.(chan struct{})
	}
	return job
}

// do imports a line, after the one before it with the same external id.
func (r *importRun) do(ctx context.Context, job *importJob) {
	if job.problem != "" {
		return
	}
	defer r.last.CompareAndDelete(job.externalID, job.done)
	if job.after != nil {
		<-job.after
	}
	job.action, job.problem, job.stopped = upsertContact(ctx, r.client.Contacts, job.externalID, job.contact)
}
