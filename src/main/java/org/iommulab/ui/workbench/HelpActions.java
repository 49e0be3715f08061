package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
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
  private final Provider<ShortcutsCard> shortcuts;

  @Inject
  HelpActions(Overlay overlay, Texts texts, Provider<ShortcutsCard> shortcuts) {
    this.overlay = overlay;
    this.texts = texts;
    this.shortcuts = shortcuts;
  }

  @Override
  public List<Action> actions() {
    return List.of(
        Action.named("shortcuts")
            .icon(MaterialDesignK.KEYBOARD_OUTLINE)
            .shortcut("F1")
            .runs(() -> shortcuts.get().show()),
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

  private Label about() {
    var words = new Label(texts.get("about.words"));
    words.setWrapText(true);
    words.setPrefWidth(420);
    words.setMinHeight(Region.USE_PREF_SIZE);
    return words;
  }
}
