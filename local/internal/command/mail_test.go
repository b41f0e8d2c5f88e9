package command

import (
	"strings"
	"testing"
)

func TestMail_OfAStackThatIsDown_SaysSo(t *testing.T) {
	t.Parallel()
	c := mailCommand(&place{profile: "never-started"})
	c.SetContext(t.Context())
	if err := c.RunE(c, nil); err == nil || !strings.Contains(err.Error(), "not running") {
		t.Errorf("%v, want that it is not running", err)
	}
}
