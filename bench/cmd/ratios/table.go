package main

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// head begins a table.
func (r *run) head(columns ...string) {
	r.line(columns)
	r.line(strings.Split(strings.Repeat("---,", len(columns)-1)+"---", ","))
}

func (r *run) line(cells []string) { fmt.Fprintf(r.out, "| %s |\n", strings.Join(cells, " | ")) }

// text writes a line between tables.
func (r *run) text(line string) { fmt.Fprintln(r.out, line) }

// row writes a figure as a ratio to its base, with the bound that it must not exceed; 0 means no bound.
func (r *run) row(figure, base string, values []float64, bound float64) {
	center, spread := median(values)
	r.line([]string{figure, base, fmt.Sprintf("%.2f", center), spread, boundText(bound), verdict(center, bound)})
}

func boundText(bound float64) string {
	if bound == 0 {
		return ""
	}
	return fmt.Sprintf("%.4g", bound)
}

func verdict(value, bound float64) string {
	switch {
	case bound == 0:
		return ""
	case value <= bound:
		return "kept"
	default:
		return "missed"
	}
}

// keep prints a table and stores it for the document.
func (r *run) keep(name string) {
	made := fmt.Sprintf("%s, %d CPUs, %d rounds:\n\n%s", runtime.Version(), runtime.NumCPU(), r.rounds, r.out)
	r.tables[name] = made
	fmt.Println(made)
}

// write replaces each table in a document, between the markers that name it.
func (r *run) write(document string) {
	text, err := os.ReadFile(document) //nolint:gosec // The user names the file.
	check(err)
	for name, table := range r.tables {
		place := regexp.MustCompile(`(?s)(<!-- ratios: ` + name + ` -->\n).*?(<!-- end -->)`)
		if !place.Match(text) {
			check(fmt.Errorf("%s has no place for the table %q", document, name))
		}
		parts := place.FindSubmatchIndex(text)
		text = slices.Concat(text[:parts[3]], []byte("\n"+table+"\n"), text[parts[4]:])
	}
	check(os.WriteFile(document, text, 0o644)) //nolint:gosec // A document is for everyone to read.
}

// seconds formats a time in a readable unit.
func seconds(value float64) string {
	switch {
	case value < 1e-3:
		return fmt.Sprintf("%.3g µs", value*1e6)
	case value < 1:
		return fmt.Sprintf("%.3g ms", value*1e3)
	default:
		return fmt.Sprintf("%.3g s", value)
	}
}

func size(value float64) string {
	switch {
	case value < 1<<10:
		return fmt.Sprintf("%.3g B", value)
	case value < 1<<20:
		return fmt.Sprintf("%.3g KiB", value/(1<<10))
	default:
		return fmt.Sprintf("%.3g MiB", value/(1<<20))
	}
}
