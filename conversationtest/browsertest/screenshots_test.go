package browsertest

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestScreenshots takes the pictures of the documentation. They are written to the folder CONVERSATION_SCREENSHOTS, if it is
// set, else to the folder of artifacts: go test -artifacts keeps it.
func TestScreenshots(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("CONVERSATION_SCREENSHOTS")
	if folder == "" {
		folder = t.ArtifactDir()
	}
	shop := newShop(t)
	for _, scheme := range []string{"light", "dark"} {
		p := shop.open("/")
		p.prefers(scheme)
		p.shoot(folder, "phone-"+scheme, "phone")
		thread := evaluate[string](p, "location.hash.slice(2)") // The one that the page has opened.
		p.shoot(folder, "traffic-"+scheme, shop.traffic)
		p.shoot(folder, "weather-"+scheme, "weather")
		p.size(360, 740)
		p.shoot(folder, "narrow-"+scheme, thread)
	}
}

// shoot opens a place, and takes its picture.
func (p *tab) shoot(folder, name, place string) {
	p.Helper()
	p.load("/#/" + place)
	p.waitFor("Live")
	p.settled()
	evaluate[chromedp.Void](p, "document.activeElement.blur()")
	taken, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	require.NoError(p, err)
	picture := withFewerColors(p, taken)
	var small bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	require.NoError(p, encoder.Encode(&small, picture))
	path := filepath.Join(folder, "fake-"+name+".png")
	require.NoError(p, os.WriteFile(path, small.Bytes(), 0o644))
	p.Logf("%s: %d KB", path, small.Len()/1024)
	assert.Less(p, small.Len(), 150*1024, "%s is too large for the documentation", name)
}

// withFewerColors returns a picture with 256 colors, which has a small file: the most frequent ones, and then those that no other is
// like.
func withFewerColors(p *tab, encoded []byte) image.Image {
	p.Helper()
	taken, err := png.Decode(bytes.NewReader(encoded))
	require.NoError(p, err)
	bounds := taken.Bounds()
	counts := map[color.Color]int{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			counts[taken.At(x, y)]++
		}
	}
	colors := slices.SortedFunc(maps.Keys(counts), func(a, b color.Color) int { return counts[b] - counts[a] })
	palette := color.Palette(colors[:min(160, len(colors))])
	for _, c := range colors[len(palette):] {
		if len(palette) < 256 && !isLike(c, palette[palette.Index(c)]) {
			palette = append(palette, c)
		}
	}
	nearest := map[color.Color]uint8{}
	for c := range counts {
		nearest[c] = uint8(palette.Index(c))
	}
	picture := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			picture.SetColorIndex(x, y, nearest[taken.At(x, y)])
		}
	}
	return picture
}

// isLike reports whether two colors look much the same.
func isLike(a, b color.Color) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	distance := math.Abs(float64(r1)-float64(r2)) + math.Abs(float64(g1)-float64(g2)) + math.Abs(float64(b1)-float64(b2))
	return distance < 36*257
}
