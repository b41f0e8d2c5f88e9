package function

import (
	"context"
	"fmt"
	"net/url"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/task"
)

type searchArguments struct {
	Query  string `json:"query" jsonschema:"Words or parts of words, in any script; the title or description must contain all of them. Case and accents do not matter"`
	Status string `json:"status,omitempty" jsonschema:"Open tasks, completed ones, or all"`
	page
}

func (f *Function) searchTasksTool(s *mcp.Server) {
	tool[searchArguments, listResult]{
		name: "search_tasks", title: "Search tasks",
		description: "Finds tasks by the words in their titles and descriptions, open and completed, most recently changed first, page by page.",
		hints:       reads,
		refine: func(p properties) {
			p.length("query", 1, task.MaxSearch)
			p.oneOf("status", statuses...)
			p.byDefault("status", "all")
			p.page(pageMax, pageDefault)
		},
		call: f.searchTasks,
	}.add(s)
}

func (f *Function) searchTasks(ctx context.Context, in searchArguments) (listResult, string, error) {
	if len(search.Terms(in.Query)) == 0 {
		var fs fault.Fields
		fs.Add("/query", "is empty: send words or signs of the title or description")
		return listResult{}, "", fs.Err()
	}
	z, err := f.zone(ctx)
	if err != nil {
		return listResult{}, "", err
	}
	q := url.Values{"q": {in.Query}, "status": {in.Status}, "sort": {"-updated_at"}}
	return f.list(ctx, z, q, in.page, fmt.Sprintf("task(s) that match %q", in.Query))
}
