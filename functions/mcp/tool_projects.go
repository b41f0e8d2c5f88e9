package function

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type labelsArguments struct {
	Archived bool `json:"archived,omitempty" jsonschema:"Also those that the user has archived"`
	page
}

// label is a project or a tag.
type label struct {
	ID       uuid.UUID `json:"id"`
	Name     string    `json:"name" jsonschema:"What tasks carry, in this spelling"`
	Color    *string   `json:"color" jsonschema:"The name of its color, or null"`
	Archived bool      `json:"archived"`
	Open     int64     `json:"open" jsonschema:"How many open tasks have it"`
}

type projectsResult struct {
	Projects   []label `json:"projects"`
	NextCursor *string `json:"next_cursor" jsonschema:"Send it as cursor for the next page; null on the last page"`
}

type tagsResult struct {
	Tags       []label `json:"tags"`
	NextCursor *string `json:"next_cursor" jsonschema:"Send it as cursor for the next page; null on the last page"`
}

func (f *Function) listProjectsTool(s *mcp.Server) {
	tool[labelsArguments, projectsResult]{
		name: "list_projects", title: "List projects",
		description: "Lists the user's projects in the user's order, with how many open tasks each has, page by page. A task is put into a project by its name.",
		hints:       reads,
		refine:      refineLabels,
		call: func(ctx context.Context, in labelsArguments) (projectsResult, string, error) {
			found, next, text, err := f.listLabels(ctx, in, "/api/projects", "projects")
			return projectsResult{found, next}, text, err
		},
	}.add(s)
}

func (f *Function) listTagsTool(s *mcp.Server) {
	tool[labelsArguments, tagsResult]{
		name: "list_tags", title: "List tags",
		description: "Lists the user's tags in the user's order, with how many open tasks each has, page by page.",
		hints:       reads,
		refine:      refineLabels,
		call: func(ctx context.Context, in labelsArguments) (tagsResult, string, error) {
			found, next, text, err := f.listLabels(ctx, in, "/api/tags", "tags")
			return tagsResult{found, next}, text, err
		},
	}.add(s)
}

func refineLabels(p properties) {
	p.byDefault("archived", false)
	p.page(pageMax, pageDefault)
	p.at("limit").Description = "The maximum number to return"
	p.at("cursor").Description = "next_cursor of the previous page"
}

// listLabels returns a page of a list of projects or tags. Those that are archived are left out here, so a page can be short.
func (f *Function) listLabels(ctx context.Context, in labelsArguments, path, what string) ([]label, *string, string, error) {
	all, next, err := fetch[label](ctx, f.tasks, path, url.Values{"open": {"true"}}, in.page)
	if err != nil {
		return nil, nil, "", err
	}
	found := []label{}
	var lines strings.Builder
	for _, l := range all {
		if l.Archived && !in.Archived {
			continue
		}
		found = append(found, l)
		fmt.Fprintf(&lines, "\n%s (%d open", l.Name, l.Open)
		if l.Archived {
			lines.WriteString(", archived")
		}
		lines.WriteString(")")
	}
	text := fmt.Sprintf("%d %s:%s", len(found), what, lines.String())
	if next != nil {
		text += moreLine
	}
	return found, next, text, nil
}
