package org.iommulab.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.assertj.core.api.Assertions;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.script.Presets;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.form.WordForms;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.workbench.Workbench;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** Every id of the documentation is there, written as it is looked up. */
@OnScreen
final class DocumentedIdsTest {

  private static final List<String> PAGES = List.of("ui-testing.md", "ui-testing-panes.md");
  private static final Pattern ROW = Pattern.compile("^\\| *(`[^|]*)\\|.*$", Pattern.MULTILINE);
  private static final Pattern ID = Pattern.compile("`#([A-Za-z0-9_-]+)`");

  /** Stands for a name, a number or an address. */
  private static final Pattern PLACE = Pattern.compile("[A-Z]+");

  private final Set<String> seen = new TreeSet<>();
  private LabWindow lab;

  @Start
  void start(Stage stage) {
    lab = LabWindow.open(stage);
  }

  private static Set<String> documented() throws IOException {
    var ids = new TreeSet<String>();
    for (String page : PAGES) {
      Matcher rows = ROW.matcher(Files.readString(Path.of("docs", page)));
      while (rows.find()) {
        Matcher id = ID.matcher(rows.group(1));
        while (id.find()) {
          ids.add(id.group(1));
        }
      }
    }
    return ids;
  }

  @Test
  void allOfThemAreThere() throws IOException {
    for (String preset :
        List.of("vfio-dma-map", "device-tlb", "page-request", "interrupts", "first-stage")) {
      Presets.named(preset).ifPresent(there -> lab.preset(preset, there.steps().size()));
      for (LabPane pane : lab.get(Workbench.class).panes()) {
        lab.show(pane.id());
        see();
      }
    }
    look();
    open();
    Set<String> missing =
        documented().stream()
            .filter(id -> !isSeen(id))
            .collect(Collectors.toCollection(TreeSet::new));
    // What takes long, and what was typed halfway: nothing else may be missing.
    missing.removeAll(Set.of("work-card", "work-cancel", "console-choices"));
    // A case has a face of its own, with CaseFaceTest.
    missing.removeIf(id -> id.matches("(case|trace)-.*|changes-table"));
    Assertions.assertThat(missing).isEmpty();
  }

  /** Parts of panes that are chosen in them. */
  private void look() {
    lab.preset("vfio-dma-map", 5);
    lab.show("caches");
    lab.click("#caches-over-time");
    see();
    lab.show("kernel");
    TableView<?> parts = lab.find("#kernel-table", TableView.class);
    for (int part = 0; part < parts.getItems().size(); part++) {
      int index = part;
      lab.robot().interact(() -> parts.getSelectionModel().select(index));
      lab.settle();
      see();
    }
    lab.show("tree");
    var entry = new Selected.Address(SourceId.of(0, 3, 0), 0x1_0040_0000L);
    lab.robot().interact(() -> lab.get(Selection.class).select(entry));
    lab.settle();
    MenuButton menu = lab.find("#tree-menu", MenuButton.class);
    lab.robot().interact(menu::show);
    see();
    lab.robot().interact(menu::hide);
    lab.click("#inspector-who");
    see();
    lab.click("#path-ask");
    see();
    lab.press(KeyCode.ESCAPE);
    lab.robot().interact(() -> lab.get(WordForms.class).open("note"));
    lab.settle();
    see();
    lab.press(KeyCode.ESCAPE);
  }

  private void open() {
    for (String action :
        List.of("map", "unmap", "send-dma", "invalidate", "preferences", "shortcuts", "about")) {
      act(action);
      see();
      lab.press(KeyCode.ESCAPE);
    }
    act("palette");
    see();
    lab.press(KeyCode.ESCAPE);
    var offer = new Notices.Offer("recovery.restore", () -> {});
    lab.robot()
        .interact(() -> lab.get(Notices.class).ask(Role.WARN, () -> "a question", offer, offer));
    lab.settle();
    see();
    lab.robot().interact(() -> lab.get(Notices.class).dismiss());
  }

  private void act(String id) {
    lab.robot()
        .interact(
            () ->
                lab.get(Actions.class).all().stream()
                    .filter(action -> action.id().equals(id))
                    .forEach(action -> action.run()));
    lab.settle();
  }

  private boolean isSeen(String id) {
    if (!PLACE.matcher(id).find()) {
      return seen.contains(id);
    }
    Pattern like = Pattern.compile(PLACE.matcher(id).replaceAll("[A-Za-z0-9_-]+"));
    return seen.stream().anyMatch(one -> like.matcher(one).matches());
  }

  private void see() {
    lab.robot()
        .interact(() -> Window.getWindows().forEach(window -> see(window.getScene().getRoot())));
  }

  private void see(Node node) {
    if (node.getId() != null) {
      seen.add(node.getId());
    }
    if (node instanceof MenuButton button) {
      button.getItems().forEach(this::see);
    }
    if (node instanceof MenuBar bar) {
      bar.getMenus().forEach(this::see);
    }
    if (node instanceof Parent parent) {
      parent.getChildrenUnmodifiable().forEach(this::see);
    }
  }

  private void see(MenuItem item) {
    if (item.getId() != null) {
      seen.add(item.getId());
    }
    if (item instanceof javafx.scene.control.Menu menu) {
      menu.getItems().forEach(this::see);
    }
  }
}
