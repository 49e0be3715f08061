package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.event.EventTarget;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Face;
import org.iommulab.ui.Faces;
import org.iommulab.ui.Overlay;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.export.ActivePane;
import org.iommulab.ui.file.DropTarget;
import org.iommulab.ui.settings.Settings;
import org.iommulab.ui.view.part.LabPane;
import org.jspecify.annotations.Nullable;

/** The content of the window. */
@Singleton
public final class Workbench {

  private final List<LabPane> panes;
  private final TopBar topBar;
  private final StatusLine statusLine;
  private final Messages messages;
  private final WorkCard work;
  private final Shortcuts shortcuts;
  private final Texts texts;
  private final Settings settings;
  private final Theme theme;
  private final Overlay overlay;
  private final DropTarget drop;
  private final PaneMenu menu;
  private final ActivePane active;
  private final Faces faces;
  private final StepGuide guide;
  private final StackPane root = new StackPane();
  private final StackPane fronts = new StackPane();
  private @Nullable Centre centre;
  private final ObjectProperty<@Nullable Face> front = new SimpleObjectProperty<>();
  private final ReadOnlyStringWrapper title = new ReadOnlyStringWrapper(this, "title", "");
  private @Nullable Node focusBefore;

  @Inject
  Workbench(
      Set<LabPane> panes,
      TopBar topBar,
      StatusLine statusLine,
      Messages messages,
      WorkCard work,
      Shortcuts shortcuts,
      Texts texts,
      Settings settings,
      Theme theme,
      Overlay overlay,
      DropTarget drop,
      PaneMenu menu,
      ActivePane active,
      Faces faces,
      StepGuide guide) {
    this.faces = faces;
    this.guide = guide;
    this.panes =
        panes.stream()
            .sorted(Comparator.comparing(LabPane::place).thenComparing(LabPane::order))
            .toList();
    this.topBar = topBar;
    this.statusLine = statusLine;
    this.messages = messages;
    this.work = work;
    this.shortcuts = shortcuts;
    this.texts = texts;
    this.settings = settings;
    this.theme = theme;
    this.overlay = overlay;
    this.drop = drop;
    this.menu = menu;
    this.active = active;
  }

  /** The root of the scene, built when first asked for. */
  public Region node() {
    if (centre == null) {
      build();
    }
    return root;
  }

  private void build() {
    shortcuts.restore();
    var built = new Centre(panes, texts, settings, theme, menu);
    centre = built;
    fronts.setMinSize(0, 0);
    fronts.getChildren().add(built.node());
    guide.lead(built, panes, () -> front.get() == null);
    var top = new VBox(topBar.menuLine(), topBar.toolBar());
    var page = new BorderPane();
    page.setMinSize(0, 0);
    page.setTop(top);
    page.setCenter(messages.over(fronts, this::takeFocus));
    page.setBottom(statusLine.node());
    List.of(top, built.node(), statusLine.node()).forEach(own -> showInFront(own, null));
    root.setId("workbench");
    root.getStyleClass().add("workbench");
    root.getChildren().add(page);
    front.subscribe(face -> title.bind(face == null ? topBar.sessionTitle() : face.title()));
    root.getChildren().addAll(work.node(), overlay.node());
    StackPane.setAlignment(work.node(), Pos.BOTTOM_RIGHT);
    StackPane.setMargin(work.node(), new Insets(16, 16, 44, 16));
    drop.accept(root);
    root.addEventFilter(MouseEvent.MOUSE_PRESSED, event -> workIn(event.getTarget()));
    var shown =
        root.sceneProperty()
            .flatMap(scene -> scene.windowProperty())
            .flatMap(window -> window.showingProperty())
            .orElse(true);
    // A face that opens borrows panes: whoever had them lets go of them first.
    faces.frontProperty().subscribe(next -> bringToFront(built, next, shown.getValue()));
    shown.subscribe(visible -> built.setShown(visible && front.get() == null));
  }

  /** The face that was opened last has the window; the workbench has it when none is open. */
  private void bringToFront(Centre built, @Nullable Face next, boolean visible) {
    Face before = front.get();
    if (next == before) {
      return;
    }
    if (before == null) {
      focusBefore = root.getScene() == null ? null : root.getScene().getFocusOwner();
    }
    if (before == null) {
      built.setShown(false);
    } else {
      before.shown(false);
    }
    if (next != null && next.node().getParent() == null) {
      join(next);
    }
    front.set(next);
    if (next == null) {
      built.setShown(visible);
    } else {
      next.shown(true);
    }
    takeFocus(next);
  }

  /**
   * Gives the keyboard to what has come to the front: to what had it there before, unless the face
   * has chosen for itself. Without that the toolkit would take the first button there is, and the
   * next key would press it.
   */
  private void takeFocus(@Nullable Face face) {
    if (face != null) {
      if (!Face.hasKeyboard(face.node())) {
        face.node().requestFocus();
      }
    } else {
      root.requestFocus();
      if (focusBefore != null) {
        focusBefore.requestFocus();
        focusBefore = null;
      }
    }
  }

  /** Gives the keyboard to what is at the front, to none of its controls. */
  public void takeFocus() {
    takeFocus(front.get());
  }

  /** A face stands below the messages once it was in front: most never are. */
  private void join(Face face) {
    showInFront(face.node(), face);
    fronts.getChildren().add(face.node());
  }

  /** Shows something only while a face, or the workbench, is in front; else it takes no room. */
  private void showInFront(Node node, @Nullable Face face) {
    var isInFront = front.isEqualTo(face);
    node.visibleProperty().bind(isInFront);
    node.managedProperty().bind(isInFront);
  }

  /** Notes the pane that was clicked. */
  private void workIn(EventTarget target) {
    for (Node node = target instanceof Node clicked ? clicked : null;
        node != null;
        node = node.getParent()) {
      String id = String.valueOf(node.getId());
      panes.stream().filter(pane -> id.equals(pane.id() + "-pane")).forEach(active::set);
    }
  }

  /** All panes, by place and order. */
  public List<LabPane> panes() {
    return panes;
  }

  /** Brings a pane into view, whatever hides it. */
  public void reveal(LabPane pane) {
    faces.leave();
    active.set(pane);
    centre().ifPresent(built -> built.reveal(pane));
  }

  /** What the window shows, for its title. */
  public ObservableValue<String> sessionTitle() {
    return title.getReadOnlyProperty();
  }

  /** Gives the keyboard to the answer that a message waits for. */
  void answerMessage() {
    messages.takeKeyboard();
  }

  /** Notes the present layout in the settings. */
  public void rememberLayout() {
    centre().ifPresent(Centre::remember);
  }

  /** The centre of the window once it is built. */
  Optional<Centre> centre() {
    return Optional.ofNullable(centre);
  }
}
