package org.iommulab.ui.workbench;

import javafx.collections.ListChangeListener;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.iommulab.ui.Chip;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.view.part.Words;

/** The quiet line on top of a pane: title, then figures and tags at the right. */
final class PaneHeader extends HBox {

  private final HBox chips = new HBox(4);

  PaneHeader(LabPane pane, Texts texts, PaneMenu menu) {
    getStyleClass().add("pane-header");
    setId(pane.id() + "-header");
    var title = new Label();
    title.getStyleClass().add("pane-title");
    title.setMinWidth(USE_PREF_SIZE);
    title.textProperty().bind(texts.observe(pane.titleKey()).map(PaneHeader::capitals));
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    space.setMinWidth(8);
    Label figures = Words.fitting(pane.figures());
    figures.getStyleClass().add("pane-figures");
    figures.setId(pane.id() + "-figures");
    chips.getStyleClass().add("chips");
    getChildren().addAll(title, space, figures, chips, menu.button(pane));
    pane.badges().addListener((ListChangeListener<LabPane.Badge>) change -> showBadges(pane));
    showBadges(pane);
  }

  private static String capitals(String title) {
    return title.toUpperCase(java.util.Locale.ROOT);
  }

  private void showBadges(LabPane pane) {
    chips
        .getChildren()
        .setAll(pane.badges().stream().map(badge -> new Chip(badge.text(), badge.role())).toList());
    chips.setVisible(!pane.badges().isEmpty());
    chips.setManaged(!pane.badges().isEmpty());
  }
}
