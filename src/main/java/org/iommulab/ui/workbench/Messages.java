package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import javafx.beans.binding.Bindings;
import javafx.event.Event;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.controlsfx.control.NotificationPane;
import org.iommulab.ui.Icons;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Notices.Notice;
import org.iommulab.ui.Notices.Offer;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignI;

/**
 * What the program has to say: a bar that slides in below the toolbar and moves the panes down, so
 * that it hides none of them.
 */
final class Messages {

  /** Room at both sides of the bar, in pixels. */
  private static final double SIDES = 24;

  private final Label text = new Label();
  private final FontIcon icon;
  private final Button accept = button("message-accept");
  private final Button decline = button("message-decline");
  private final HBox line;
  private final NotificationPane pane = new NotificationPane();
  private final Notices notices;
  private final Texts texts;

  @Inject
  Messages(Notices notices, Texts texts, Theme theme) {
    this.notices = notices;
    this.texts = texts;
    icon = Icons.of(icon(Role.MUTED), theme);
    text.setId("message-text");
    text.setWrapText(true);
    text.setMinHeight(Region.USE_PREF_SIZE);
    text.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(text, Priority.ALWAYS);
    Button dismiss = button("message-dismiss");
    dismiss.getStyleClass().add("quiet");
    dismiss.textProperty().bind(texts.observe("message.dismiss"));
    dismiss.setOnAction(event -> notices.dismiss());
    line = new HBox(icon, text, accept, decline, dismiss);
    line.setId("message-bar");
    line.getStyleClass().add("message-line");
    // The bar asks how high a line is before it knows how wide; ours knows.
    line.prefWidthProperty().bind(pane.widthProperty().subtract(SIDES));
    line.prefHeightProperty()
        .bind(
            Bindings.createDoubleBinding(
                this::height,
                line.widthProperty(),
                text.textProperty(),
                text.fontProperty(),
                text.widthProperty()));
    line.addEventHandler(KeyEvent.KEY_PRESSED, this::passOn);
  }

  private static Button button(String id) {
    var button = new Button();
    button.setId(id);
    button.setMinWidth(Region.USE_PREF_SIZE);
    return button;
  }

  /** What is below the messages, with the messages above it. */
  Node over(Node content) {
    var below = new StackPane(content);
    below.setMinSize(0, 0);
    pane.setId("messages");
    pane.setContent(below);
    pane.setCloseButtonVisible(false);
    pane.setGraphic(line);
    pane.skinProperty()
        .subscribe(
            skin -> {
              if (pane.lookup(".notification-bar") instanceof Region bar) {
                below
                    .paddingProperty()
                    .bind(
                        Bindings.createObjectBinding(
                            () -> new Insets(hidden(bar), 0, 0, 0),
                            bar.visibleProperty(),
                            bar.boundsInParentProperty()));
              }
            });
    notices.currentProperty().subscribe(this::show);
    return pane;
  }

  private static double hidden(Region bar) {
    return bar.isVisible() ? Math.max(0, bar.getBoundsInParent().getMaxY()) : 0;
  }

  private double height() {
    double others = line.getWidth() - text.getWidth();
    double words = text.prefHeight(Math.max(1, line.prefWidth(-1) - Math.max(0, others)));
    return Math.max(words, accept.prefHeight(-1));
  }

  /** The bar keeps every key that is pressed in it; shortcuts are for the window. */
  private void passOn(KeyEvent event) {
    event.consume();
    Event.fireEvent(pane, event.copyFor(pane, pane));
  }

  private void show(@Nullable Notice notice) {
    if (notice == null) {
      pane.hide();
      return;
    }
    for (Role role : Role.values()) {
      pane.getStyleClass().remove(role.styleClass());
    }
    pane.getStyleClass().add(notice.role().styleClass());
    icon.setIconCode(icon(notice.role()));
    text.setText(notice.text());
    put(accept, notice.offer());
    put(decline, notice.other());
    pane.show();
  }

  private void put(Button button, @Nullable Offer offer) {
    button.setVisible(offer != null);
    button.setManaged(offer != null);
    if (offer != null) {
      button.setText(texts.get(offer.textKey()));
      button.setOnAction(
          event -> {
            notices.dismiss();
            offer.accepted().run();
          });
    }
  }

  private static Ikon icon(Role role) {
    return switch (role) {
      case BAD -> MaterialDesignA.ALERT_CIRCLE_OUTLINE;
      case WARN -> MaterialDesignA.ALERT_OUTLINE;
      case OK -> MaterialDesignC.CHECK_CIRCLE_OUTLINE;
      case ACCENT, CHANGED, MUTED -> MaterialDesignI.INFORMATION_OUTLINE;
    };
  }
}
