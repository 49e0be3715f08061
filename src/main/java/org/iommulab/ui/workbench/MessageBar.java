package org.iommulab.ui.workbench;

import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
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

/** One line below the toolbar with what the program has to say; gone when there is nothing. */
final class MessageBar extends HBox {

  private final Label text = new Label();
  private final FontIcon icon;

  private final Button accept = new Button();
  private final Button decline = new Button();
  private final Notices notices;
  private final Texts texts;

  MessageBar(Notices notices, Texts texts, Theme theme) {
    icon = Icons.of(icon(Role.MUTED), theme);
    this.notices = notices;
    this.texts = texts;
    setId("message-bar");
    getStyleClass().add("message-bar");
    text.setId("message-text");
    text.setWrapText(true);
    text.setMinHeight(Region.USE_PREF_SIZE);
    HBox.setHgrow(text, Priority.ALWAYS);
    text.setMaxWidth(Double.MAX_VALUE);
    accept.setId("message-accept");
    accept.setMinWidth(Region.USE_PREF_SIZE);
    decline.setId("message-decline");
    decline.setMinWidth(Region.USE_PREF_SIZE);
    var dismiss = new Button();
    dismiss.setId("message-dismiss");
    dismiss.getStyleClass().add("quiet");
    dismiss.textProperty().bind(texts.observe("message.dismiss"));
    dismiss.setMinWidth(Region.USE_PREF_SIZE);
    dismiss.setOnAction(event -> notices.dismiss());
    getChildren().addAll(icon, text, accept, decline, dismiss);
    notices.currentProperty().subscribe(this::show);
  }

  private void show(@Nullable Notice notice) {
    setVisible(notice != null);
    setManaged(notice != null);
    if (notice != null) {
      for (Role role : Role.values()) {
        getStyleClass().remove(role.styleClass());
      }
      getStyleClass().add(notice.role().styleClass());
      icon.setIconCode(icon(notice.role()));
      text.setText(notice.text());
      put(accept, notice.offer());
      put(decline, notice.other());
    }
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
