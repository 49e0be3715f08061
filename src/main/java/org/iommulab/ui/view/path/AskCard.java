package org.iommulab.ui.view.path;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import javafx.collections.FXCollections;
import javafx.css.PseudoClass;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.GridPane;
import javafx.util.StringConverter;
import org.controlsfx.control.PopOver;
import org.controlsfx.control.SearchableComboBox;
import org.controlsfx.control.SegmentedButton;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.SourceId;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Subject;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Words;
import org.jspecify.annotations.Nullable;

/** Asks what would become of a request: a device, an address, read or write. */
final class AskCard {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  /**
   * A device that can be asked about.
   *
   * @param name the requester id and its name
   */
  record Device(SourceId source, String name) {}

  private final SearchableComboBox<Device> devices = new SearchableComboBox<>();
  private final TextField address = new TextField();
  private final ToggleButton read;
  private final ToggleButton write;
  private final Consumer<DmaAccess> onAsk;
  private final PopOver popOver;

  AskCard(Texts texts, Consumer<DmaAccess> onAsk) {
    this.onAsk = onAsk;
    read = toggle(texts, "read");
    write = toggle(texts, "write");
    read.setSelected(true);
    devices.setId("ask-device");
    devices.setConverter(new Name());
    address.setId("ask-address");
    address.getStyleClass().add("mono");
    address.textProperty().addListener((_, _, _) -> address.pseudoClassStateChanged(WRONG, false));
    address.setOnAction(_ -> ask());
    var kinds = new SegmentedButton(read, write);
    kinds.setId("ask-kind");
    Button give = Words.button(texts, "ask-give", "view.path.ask.give", this::ask);
    give.getStyleClass().add("primary");
    var grid = new GridPane(12, 8);
    grid.getStyleClass().add("ask-card");
    grid.addRow(0, Words.label(texts, "view.path.ask.device", "muted"), devices);
    grid.addRow(1, Words.label(texts, "view.path.ask.address", "muted"), address);
    grid.addRow(2, new Label(), kinds);
    grid.addRow(3, new Label(), give);
    popOver = new PopOver(grid);
    popOver.setArrowLocation(PopOver.ArrowLocation.TOP_RIGHT);
    popOver.setDetachable(false);
    popOver.setAnimated(false);
  }

  private static ToggleButton toggle(Texts texts, String kind) {
    var button = new ToggleButton();
    button.setId("ask-" + kind);
    button.textProperty().bind(texts.observe("view.path.ask." + kind));
    return button;
  }

  /** Shows the card below a button, filled in from what all panes show. */
  void show(Button below, List<Device> known, Subject subject) {
    devices.setItems(FXCollections.observableArrayList(known));
    known.stream()
        .filter(device -> device.source().equals(subject.device()))
        .findFirst()
        .or(() -> known.stream().findFirst())
        .ifPresent(devices::setValue);
    address.setText(Hex.group(subject.iova().orElse(0)));
    popOver.show(below);
    address.requestFocus();
  }

  private void ask() {
    OptionalLong at = Hex.address(address.getText());
    Device device = devices.getValue();
    address.pseudoClassStateChanged(WRONG, at.isEmpty());
    if (at.isPresent() && device != null) {
      popOver.hide();
      onAsk.accept(
          write.isSelected()
              ? DmaAccess.write(device.source(), at.getAsLong(), 1)
              : DmaAccess.read(device.source(), at.getAsLong(), 1));
    }
  }

  private static final class Name extends StringConverter<Device> {
    @Override
    public String toString(@Nullable Device device) {
      return device == null ? "" : device.name();
    }

    @Override
    public @Nullable Device fromString(String text) {
      return null;
    }
  }
}
