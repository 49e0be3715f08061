package org.iommulab.ui.view.part;

import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.layout.Region;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Tips;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;

/** Makes labels and buttons with words of the bundle and a stable id. */
public final class Words {

  private Words() {}

  /** A label that follows the language. */
  public static Label label(Texts texts, String key, String... styleClasses) {
    var label = new Label();
    label.textProperty().bind(texts.observe(key));
    label.getStyleClass().addAll(styleClasses);
    return label;
  }

  /** A label for figures. */
  public static Label figures(String... styleClasses) {
    var label = new Label();
    label.getStyleClass().add("mono");
    label.getStyleClass().addAll(styleClasses);
    return label;
  }

  /** Figures that give way part by part where there is little room; the tooltip has them all. */
  public static Label fitting(ObservableValue<String> figures) {
    return new FittingFigures(figures);
  }

  /** Lets words be cut where there is little room; they are then read in a tooltip. */
  public static void mayShorten(Labeled label) {
    label.getStyleClass().add("may-shorten");
    label.setMinWidth(0);
    Tips.on(label, label::getText);
  }

  /** A button with a verb; {@code <key>.tip} is its tooltip. */
  public static Button button(Texts texts, String id, String key, Runnable action) {
    var button = new Button();
    button.setId(id);
    button.textProperty().bind(texts.observe(key));
    button.getStyleClass().add("small-button");
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(_ -> action.run());
    tip(button, texts.observe(key + ".tip"));
    return button;
  }

  /** A button with an icon; its words are its tooltip and what a screen reader says. */
  public static Button iconButton(Texts texts, String id, String key, Ikon icon, Runnable action) {
    var button = new Button(null, new FontIcon(icon));
    button.setId(id);
    button.getStyleClass().addAll("small-button", "icon-button");
    button.accessibleTextProperty().bind(texts.observe(key));
    button.setOnAction(_ -> action.run());
    tip(button, texts.observe(key + ".tip"));
    return button;
  }

  /** Gives a node a tooltip that follows a text. */
  public static void tip(Node node, ObservableValue<String> text) {
    Tips.on(node, text::getValue);
  }
}
