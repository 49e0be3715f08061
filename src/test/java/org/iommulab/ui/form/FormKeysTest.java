package org.iommulab.ui.form;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.Set;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Command;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testfx.framework.junit5.Start;

/** The forms as a person with a keyboard meets them. */
@OnScreen
class FormKeysTest {

  private LabWindow lab;

  @Start
  void start(Stage stage) {
    lab = LabWindow.open(stage);
  }

  @BeforeEach
  void load() {
    lab.preset("vfio-dma-map", 5);
  }

  private Node owner() {
    return LabWindow.read(() -> lab.scene().getFocusOwner());
  }

  private String text(String id) {
    return lab.find(id, TextField.class).getText();
  }

  @ParameterizedTest
  @CsvSource({
    "map, M, through",
    "unmap, U, through",
    "send-dma, D, device",
    "invalidate, L, scope"
  })
  void aFormHasTheKeyboardFromItsFirstFieldOn(String form, KeyCode key, String first) {
    Node find = lab.find("#palette-button");
    LabWindow.read(
        () -> {
          find.requestFocus();
          return true;
        });
    lab.press(KeyCode.CONTROL, key);
    Node field = lab.find("#" + form + "-" + first + "-field");
    assertThat(owner()).isSameAs(field);
    Set<Node> way = new LinkedHashSet<>();
    while (way.add(owner())) {
      lab.press(KeyCode.TAB);
    }
    assertThat(way).hasSizeGreaterThan(3).allMatch(this::isInTheOverlay);
    assertThat(owner()).isSameAs(field);
    lab.press(KeyCode.SHIFT, KeyCode.TAB);
    assertThat(owner()).isSameAs(lab.find("#" + form + "-close"));
    lab.press(KeyCode.ESCAPE);
    assertThat(lab.visible("#" + form + "-form")).isEmpty();
    assertThat(owner()).isSameAs(find);
  }

  @ParameterizedTest
  @CsvSource({"map", "unmap", "send-dma", "invalidate"})
  void enterGivesTheCommandOfAFormOpenedByMouse(String form) {
    lab.click("#" + form + "-button");
    lab.press(KeyCode.ENTER);
    assertThat(lab.given()).hasSize(1);
    assertThat(lab.visible("#palette")).isEmpty();
  }

  @Test
  void enterOnTheButtonThatClosesGivesNothing() {
    lab.click("#map-button");
    lab.press(KeyCode.SHIFT, KeyCode.TAB);
    assertThat(owner()).isSameAs(lab.find("#map-close"));
    lab.press(KeyCode.ENTER);
    assertThat(lab.given()).isEmpty();
    assertThat(lab.visible("#map-form")).isEmpty();
  }

  @Test
  void whatIsInvalidatedIsMapped() {
    LabWindow.read(
        () -> {
          SourceId device = lab.get(LabModel.class).subject().device();
          lab.get(Selection.class).select(new Selected.Address(device, 0xFFFF_F000L));
          return true;
        });
    lab.settle();
    lab.press(KeyCode.CONTROL, KeyCode.U);
    String mapped = text("#unmap-iova-field");
    lab.press(KeyCode.ESCAPE);
    lab.press(KeyCode.CONTROL, KeyCode.L);
    assertThat(text("#invalidate-iova-field")).isEqualTo(mapped);
    lab.press(KeyCode.ENTER);
    assertThat(lab.given())
        .singleElement()
        .extracting(Command::toJson)
        .asString()
        .contains("qi_flush_iotlb");
  }

  private boolean isInTheOverlay(Node node) {
    for (Node at = node; at != null; at = at.getParent()) {
      if ("overlay".equals(at.getId())) {
        return true;
      }
    }
    return false;
  }

  private void open(String form, KeyCode key) {
    lab.press(KeyCode.CONTROL, key);
    lab.find("#" + form + "-form");
  }

  private double height(String id) {
    Node node = lab.find(id);
    return LabWindow.read(() -> node.getLayoutBounds().getHeight());
  }

  private boolean isWrong(String id) {
    Node node = lab.find(id);
    return LabWindow.read(
        () -> node.getPseudoClassStates().contains(PseudoClass.getPseudoClass("wrong")));
  }

  @Test
  void howeverMuchIsSentTheButtonsStayInTheWindow() {
    open("send-dma", KeyCode.D);
    lab.write("#send-dma-data-field", "a5".repeat(1500));
    Node give = lab.find("#send-dma-give");
    assertThat(LabWindow.read(() -> give.localToScene(give.getLayoutBounds()).getMaxY()))
        .isLessThan(lab.scene().getHeight());
    assertThat(LabWindow.read(give::isDisabled)).isFalse();
  }

  @Test
  void theKeyboardMakesNoFieldHigher() {
    open("send-dma", KeyCode.D);
    double before = height("#send-dma-data-field");
    lab.find("#send-dma-data-field");
    LabWindow.read(
        () -> {
          lab.scene().lookup("#send-dma-data-field").requestFocus();
          return true;
        });
    lab.settle();
    assertThat(height("#send-dma-data-field")).isEqualTo(before);
  }

  @Test
  void theFieldThatIsWrongIsMarked() {
    open("send-dma", KeyCode.D);
    lab.write("#send-dma-data-field", "no bytes");
    assertThat(isWrong("#send-dma-data-field")).isTrue();
    assertThat(isWrong("#send-dma-iova-field")).isFalse();
    lab.write("#send-dma-data-field", "00 11 22 33");
    assertThat(isWrong("#send-dma-data-field")).isFalse();
    lab.write("#send-dma-iova-field", "ffffffffffffffff");
    assertThat(isWrong("#send-dma-iova-field")).isTrue();
    lab.write("#send-dma-iova-field", "fffffffffffffffc");
    assertThat(isWrong("#send-dma-iova-field")).isFalse();
  }
}
