package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import com.google.inject.name.Named;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Overlay;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;
import org.kordamp.ikonli.materialdesign2.MaterialDesignK;

/** The list of shortcuts, and what this program is. */
@Singleton
final class HelpActions implements ActionSource {

  private final Overlay overlay;
  private final Texts texts;
  private final Notices notices;
  private final String version;
  private final Provider<ShortcutsCard> shortcuts;
  private final Provider<Workbench> workbench;

  @Inject
  HelpActions(
      Overlay overlay,
      Texts texts,
      Notices notices,
      @Named("version") String version,
      Provider<ShortcutsCard> shortcuts,
      Provider<Workbench> workbench) {
    this.overlay = overlay;
    this.texts = texts;
    this.notices = notices;
    this.version = version;
    this.shortcuts = shortcuts;
    this.workbench = workbench;
  }

  @Override
  public List<Action> actions() {
    return List.of(
        Action.named("shortcuts")
            .icon(MaterialDesignK.KEYBOARD_OUTLINE)
            .shortcut("F1")
            .runs(() -> shortcuts.get().show()),
        Action.named("answer")
            .shortcut("F4")
            .blocked(notices.currentProperty().map(notice -> "").orElse("reason.no-message"))
            .runs(() -> workbench.get().answerMessage()),
        Action.named("about").runs(() -> show("about", about())));
  }

  private void show(String id, Node content) {
    var title = new Label(texts.get("action." + id));
    title.getStyleClass().add("strong");
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    var close = new Button(texts.get("form.close"));
    close.setId(id + "-close");
    close.setCancelButton(true);
    close.setOnAction(event -> overlay.close());
    var card = new VBox(12, new HBox(12, title, space, close), content);
    card.setId(id + "-card");
    card.getStyleClass().add("floating");
    overlay.showOnTop(card);
    close.requestFocus();
  }

  private Node about() {
    Label release = paragraph(texts.get("about.version", version));
    release.setId("about-version");
    Label licence = paragraph(texts.get("about.licence"));
    licence.setId("about-licence");
    return new VBox(12, paragraph(texts.get("about.words")), release, licence);
  }

  private static Label paragraph(String text) {
    var words = new Label(text);
    words.setWrapText(true);
    words.setPrefWidth(420);
    words.setMinHeight(Region.USE_PREF_SIZE);
    return words;
  }
}
