package org.iommulab.ui.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.ui.Desk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ConsoleModelTest {

  static final java.util.List<String> TEMPLATES = ConsoleModel.TEMPLATES;

  private final Desk desk = new Desk();
  private final ConsoleModel console = new ConsoleModel(desk.model);

  @AfterEach
  void close() {
    desk.close();
  }

  @ParameterizedTest
  @FieldSource("TEMPLATES")
  void everyTemplateIsACommand(String line) {
    assertThat(Command.parse(line)).isInstanceOf(Reading.Good.class);
  }

  @Test
  void functionsAreFoundByTheirNames() {
    assertThat(console.complete("dma_map_sg")).first().asString().contains("\"fn\":\"dma_map_sg\"");
    assertThat(console.complete("iommu_map"))
        .allSatisfy(line -> assertThat(Command.parse(line)).isInstanceOf(Reading.Good.class));
  }

  @Test
  void aBadLineGivesOneSentenceAndNoCommand() {
    assertThat(console.run("{\"op\":\"dma.raed\"}")).isFalse();
    assertThat(console.problemProperty().get().english()).contains("dma.raed").doesNotContain("\n");
    desk.settle();
    assertThat(desk.model.facts().position()).isZero();
  }

  @Test
  void aRefusedCommandSaysWhy() {
    assertThat(console.run("{\"op\":\"rewind\",\"to\":\"nowhere\"}")).isTrue();
    desk.settle();
    assertThat(console.problemProperty().get().english()).contains("nowhere");
  }

  @Test
  void linesComeBackInTheOrderTheyWereGiven() {
    console.run("{\"op\":\"note\",\"text\":\"one\"}");
    console.run("{\"op\":\"note\",\"text\":\"two\"}");
    assertThat(console.earlier()).hasValueSatisfying(line -> assertThat(line).contains("two"));
    assertThat(console.earlier()).hasValueSatisfying(line -> assertThat(line).contains("one"));
    assertThat(console.later()).hasValueSatisfying(line -> assertThat(line).contains("two"));
    assertThat(console.later()).hasValue("");
  }

  @Test
  void typingTheBeginningOfAnOperationFindsIt() {
    assertThat(console.complete("dma.w")).first().asString().contains("dma.write");
    assertThat(console.complete("{\"op\":\"reg.r")).first().asString().contains("reg.read");
    assertThat(console.complete("{\"op\":\"reg.read\",\"off\"")).isEmpty();
  }
}
