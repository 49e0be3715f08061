package org.iommulab.ui.workbench;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What stands in which menu and on the toolbar: ids of actions, {@code -} for a line, {@code
 * menu:NAME} for a menu inside, {@code panes}, {@code course}, {@code presets}, {@code samples},
 * {@code recent} and {@code earlier} for what a list gives.
 */
final class MenuPlan {

  /** One menu: the key of its title is {@code menu.ID}. */
  record Menu(String id, List<String> items) {

    String titleKey() {
      return "menu." + id;
    }
  }

  static final List<Menu> MENUS =
      List.of(
          new Menu(
              "file",
              List.of(
                  "open",
                  "samples",
                  "recent",
                  "earlier",
                  "-",
                  "attach",
                  "look-again",
                  "follow",
                  "detach",
                  "-",
                  "save-session",
                  "save-picture",
                  "save-view",
                  "-",
                  "quit")),
          new Menu(
              "edit",
              List.of(
                  "undo",
                  "redo",
                  "-",
                  "copy-command",
                  "paste-case",
                  "-",
                  "copy-view-csv",
                  "copy-view-json",
                  "copy-view-png",
                  "copy-view-svg",
                  "-",
                  "palette",
                  "-",
                  "preferences")),
          new Menu(
              "machine",
              List.of(
                  "map",
                  "unmap",
                  "send-dma",
                  "invalidate",
                  "words",
                  "-",
                  "run-program",
                  "program-pause",
                  "program-step",
                  "program-go",
                  "program-stop",
                  "-",
                  "fork",
                  "reset",
                  "new-machine")),
          new Menu(
              "view",
              List.of(
                  "panes",
                  "-",
                  "show-case",
                  "case-compare",
                  "case-compare-folder",
                  "case-replay",
                  "case-report",
                  "-",
                  "fold-bench",
                  "fold-inspector",
                  "-",
                  "menu:theme",
                  "menu:language",
                  "text-bigger",
                  "text-smaller",
                  "text-normal",
                  "-",
                  "reset-layout",
                  "presentation")),
          new Menu(
              "lessons",
              List.of(
                  "learn",
                  "course",
                  "stage",
                  "practice",
                  "-",
                  "presets",
                  "-",
                  "step",
                  "step-back",
                  "play",
                  "restart")),
          new Menu(
              "help", List.of("shortcuts", "answer", "-", "copy-id", "record-test", "-", "about")));

  static final List<Menu> INNER =
      List.of(
          new Menu("theme", List.of("theme-system", "theme-light", "theme-dark", "theme-contrast")),
          new Menu("language", List.of("language-en", "language-zh")));

  static final List<String> TOOLBAR =
      List.of(
          "presets",
          "open",
          "fork",
          "undo",
          "redo",
          "-",
          "map",
          "unmap",
          "send-dma",
          "invalidate",
          "-",
          "step-back",
          "step",
          "play");

  /** Of the toolbar, what does nothing while a dump is looked at, and what does only then. */
  static final Set<String> LIVE_ONLY =
      Set.of(
          "undo",
          "redo",
          "map",
          "unmap",
          "send-dma",
          "invalidate",
          "step-back",
          "step",
          "play",
          "-");

  static final Set<String> DUMP_ONLY = Set.of("open", "fork");

  /** The keys of the titles of the menus in which an action stands, the outermost first. */
  static List<String> above(String action) {
    for (Menu inner : INNER) {
      if (inner.items().contains(action)) {
        return Stream.concat(above("menu:" + inner.id()).stream(), Stream.of(inner.titleKey()))
            .toList();
      }
    }
    return MENUS.stream()
        .filter(menu -> menu.items().contains(action))
        .map(Menu::titleKey)
        .toList();
  }

  private MenuPlan() {}
}
