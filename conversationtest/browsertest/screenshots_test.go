package browsertest

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
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

// withFewerColors returns a picture with 32 shades of each color, which makes its file smaller, and looks the same.
func withFewerColors(p *tab, encoded []byte) image.Image {
	p.Helper()
	taken, err := png.Decode(bytes.NewReader(encoded))
	require.NoError(p, err)
	picture := image.NewRGBA(taken.Bounds())
	draw.Draw(picture, picture.Rect, taken, image.Point{}, draw.Src)
	for i, shade := range picture.Pix {
		picture.Pix[i] = shade&0xf8 | shade>>5
	}
	return picture
}
