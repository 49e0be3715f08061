package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.name.Named;
import java.util.List;
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
import javafx.scene.layout.VBox;
import org.controlsfx.control.NotificationPane;
import org.iommulab.ui.Face;
import org.iommulab.ui.Icons;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Notices.Notice;
import org.iommulab.ui.Notices.Offer;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.player.PlayClock;
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

  private final Notices notices;
  private final Texts texts;
  private final Theme theme;
  private final PlayClock clock;
  private final NotificationPane pane = new NotificationPane();
  private final Line message;
  private final Line question;
  private final VBox lines = new VBox();
  private Runnable giveBack = () -> {};

  @Inject
  Messages(
      Notices notices, Texts texts, Theme theme, @Named(PlayClock.OF_MESSAGES) PlayClock clock) {
    this.notices = notices;
    this.texts = texts;
    this.theme = theme;
    this.clock = clock;
    message = new Line("message");
    question = new Line("question");
    lines.setId("message-bar");
    lines.getStyleClass().add("message-lines");
    // The bar asks how high a line is before it knows how wide; ours knows.
    lines.prefWidthProperty().bind(pane.widthProperty().subtract(SIDES));
    lines.addEventHandler(KeyEvent.KEY_PRESSED, this::passOn);
  }

  /** One message with its buttons; their ids begin with its own. */
  private final class Line extends HBox {

    private final Label text = new Label();
    private final FontIcon icon = Icons.of(icon(Role.MUTED), theme);
    private final Button accept;
    private final Button decline;
    private final Button dismiss;
    private @Nullable Notice shown;

    Line(String id) {
      accept = button(id + "-accept");
      decline = button(id + "-decline");
      text.setId(id + "-text");
      text.setWrapText(true);
      text.setMinHeight(Region.USE_PREF_SIZE);
      text.setMaxWidth(Double.MAX_VALUE);
      HBox.setHgrow(text, Priority.ALWAYS);
      dismiss = button(id + "-dismiss");
      dismiss.getStyleClass().add("quiet");
      dismiss.textProperty().bind(texts.observe("message.dismiss"));
      dismiss.setOnAction(event -> notices.dismiss(shown));
      getStyleClass().add("message-line");
      getChildren().addAll(icon, text, accept, decline, dismiss);
      prefHeightProperty()
          .bind(
              Bindings.createDoubleBinding(
                  this::height,
                  widthProperty(),
                  text.textProperty(),
                  text.fontProperty(),
                  text.widthProperty()));
    }

    private double height() {
      double others = getWidth() - text.getWidth();
      double words = text.prefHeight(Math.max(1, lines.prefWidth(-1) - Math.max(0, others)));
      return Math.max(words, accept.prefHeight(-1));
    }

    void show(Notice notice) {
      shown = notice;
      icon.setIconCode(icon(notice.role()));
      put(accept, notice, notice.offer());
      put(decline, notice, notice.other());
      say();
    }

    /** Says it in the language in use. */
    void say() {
      if (shown != null) {
        text.setText(shown.text());
        say(accept, shown.offer());
        say(decline, shown.other());
      }
    }

    private void say(Button button, @Nullable Offer offer) {
      if (offer != null) {
        button.setText(texts.get(offer.textKey()));
      }
    }

    void takeKeyboard() {
      (accept.isVisible() ? accept : dismiss).requestFocus();
    }
  }

  private static Button button(String id) {
    var button = new Button();
    button.setId(id);
    button.setMinWidth(Region.USE_PREF_SIZE);
    return button;
  }

  /**
   * What is below the messages, with the messages above it.
   *
   * @param keyboard gives the keyboard to what is in front, when the bar that has it goes
   */
  Node over(Node content, Runnable keyboard) {
    giveBack = keyboard;
    var below = new StackPane(content);
    below.setMinSize(0, 0);
    pane.setId("messages");
    pane.setContent(below);
    pane.setCloseButtonVisible(false);
    pane.setGraphic(lines);
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
    notices.questionProperty().subscribe(asked -> show(notices.currentProperty().get()));
    texts.localeProperty().subscribe(locale -> List.of(message, question).forEach(Line::say));
    return pane;
  }

  /** Gives the keyboard to the answer to the question, or to the message. */
  void takeKeyboard() {
    if (lines.getChildren().isEmpty() || notices.currentProperty().get() == null) {
      return;
    }
    ((Line) lines.getChildren().getFirst()).takeKeyboard();
  }

  private static double hidden(Region bar) {
    return bar.isVisible() ? Math.max(0, bar.getBoundsInParent().getMaxY()) : 0;
  }

  /** The bar keeps every key that is pressed in it; shortcuts are for the window. */
  private void passOn(KeyEvent event) {
    event.consume();
    Event.fireEvent(pane, event.copyFor(pane, pane));
  }

  /** The latest message, and above it the question that waits. */
  private void show(@Nullable Notice notice) {
    clock.stop();
    if (notice == null) {
      giveKeyboardBack();
      pane.hide();
      return;
    }
    for (Role role : Role.values()) {
      pane.getStyleClass().remove(role.styleClass());
    }
    pane.getStyleClass().add(notice.role().styleClass());
    message.show(notice);
    Notice asked = notices.questionProperty().get();
    if (asked == null || asked.equals(notice)) {
      lines.getChildren().setAll(message);
    } else {
      question.show(asked);
      lines.getChildren().setAll(question, message);
    }
    pane.show();
    letGo(notice);
  }

  /** Before a pressed button goes: the toolkit would give the keyboard to some other button. */
  private void giveKeyboardBack() {
    if (Face.hasKeyboard(lines)) {
      giveBack.run();
    }
  }

  /** What was only told goes when it has been read, unless the pointer rests on it. */
  private void letGo(Notice notice) {
    if (notice.isHarmless()) {
      clock.after(
          PlayClock.toRead(notice.text()),
          () -> {
            if (message.isHover()) {
              letGo(notice);
            } else {
              notices.dismiss(notice);
            }
          });
    }
  }

  private void put(Button button, Notice notice, @Nullable Offer offer) {
    button.setVisible(offer != null);
    button.setManaged(offer != null);
    if (offer != null) {
      button.setOnAction(
          event -> {
            notices.dismiss(notice);
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
