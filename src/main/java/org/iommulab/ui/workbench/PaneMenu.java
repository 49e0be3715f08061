package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import javafx.scene.control.MenuButton;
import org.iommulab.ui.Texts;
import org.iommulab.ui.export.ExportActions;
import org.iommulab.ui.view.part.LabPane;

/** Makes the menu at the right end of a pane's header line: copy and save what it shows. */
@Singleton
final class PaneMenu {

  private final ExportActions exports;
  private final Texts texts;

  @Inject
  PaneMenu(ExportActions exports, Texts texts) {
    this.exports = exports;
    this.texts = texts;
  }

  /** The menu {@code #PANE-menu}; its items are made when it is first opened. */
  MenuButton button(LabPane pane) {
    var menu = new MenuButton("⋮");
    menu.setId(pane.id() + "-menu");
    menu.getStyleClass().addAll("quiet", "pane-menu");
    menu.setMinWidth(MenuButton.USE_PREF_SIZE);
    menu.accessibleTextProperty()
        .bind(texts.observe("pane.menu").map(words -> words + ": " + texts.get(pane.titleKey())));
    menu.setOnShowing(
        event -> {
          if (menu.getItems().isEmpty()) {
            menu.getItems().setAll(exports.items(pane));
          }
        });
    return menu;
  }
}
