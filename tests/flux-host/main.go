// A host of plugins by the rules of the flux command: programs `flux-NAME` of one directory are commands, get their
// arguments as they are, and complete by Cobra's protocol. The rules are those of internal/plugin of fluxcd/flux2, in words
// of its own.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

func main() {
	flux := &cobra.Command{Use: "flux", SilenceUsage: true}
	flux.AddCommand(&cobra.Command{Use: "check", Run: func(*cobra.Command, []string) { fmt.Println("of flux") }})
	taken := map[string]bool{"plugin": true, "help": true}
	for _, command := range flux.Commands() {
		taken[command.Name()] = true
	}
	directory := os.Getenv("FLUXCD_PLUGINS")
	entries, _ := os.ReadDir(directory)
	for _, entry := range entries {
		name := strings.TrimPrefix(entry.Name(), "flux-")
		path := filepath.Join(directory, entry.Name())
		// A link counts as what it leads to.
		found, err := os.Stat(path)
		if name == entry.Name() || name == "" || taken[name] || err != nil {
			continue
		}
		if found.Mode().IsRegular() && found.Mode().Perm()&0o111 != 0 {
			flux.AddCommand(plugin(name, path))
		}
	}
	if flux.Execute() != nil {
		os.Exit(1)
	}
}

func plugin(name, path string) *cobra.Command {
	return &cobra.Command{
		Use:                name,
		DisableFlagParsing: true,
		Run: func(_ *cobra.Command, arguments []string) {
			command := exec.Command(path, arguments...)
			command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
			if err := command.Run(); err != nil {
				if exit, ok := err.(*exec.ExitError); ok {
					os.Exit(exit.ExitCode())
				}
				os.Exit(1)
			}
		},
		ValidArgsFunction: func(_ *cobra.Command, words []string, word string) ([]string, cobra.ShellCompDirective) {
			output, err := exec.Command(path, append(append([]string{"__complete"}, words...), word)...).Output()
			lines := strings.Split(strings.TrimRight(string(output), "\n"), "\n")
			last := lines[len(lines)-1]
			directive, noNumber := strconv.Atoi(strings.TrimPrefix(last, ":"))
			if err != nil || noNumber != nil || !strings.HasPrefix(last, ":") {
				return nil, cobra.ShellCompDirectiveError
			}
			return lines[:len(lines)-1], cobra.ShellCompDirective(directive)
		},
	}
}
