package org.iommulab.ui.view.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.iommulab.bus.Pasid;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PathQueryTest {

  private final Texts texts = new Texts(Locale.ENGLISH);
  private final LabDouble lab = LabDouble.after(WorkedExample.setUp());

  @AfterEach
  void close() {
    lab.close();
  }

  private PathPicture last() {
    return Objects.requireNonNull(lab.ask(PathQuery::answer).request());
  }

  private List<String> titles(PathPicture picture) {
    return picture.stages().stream().map(stage -> stage.title().in(texts)).toList();
  }

  @Test
  void commandWithoutARequestHasNoPath() {
    assertThat(lab.ask(PathQuery::answer).request()).isNull();
  }

  @Test
  void requestStaysTheLastOneWhenOtherCommandsFollow() {
    lab.run(WorkedExample.write());
    lab.run(WorkedExample.clearLargeLeaf());
    PathAnswer answer = lab.ask(PathQuery::answer);
    assertThat(answer.when()).isEqualTo(PathAnswer.When.EARLIER);
    assertThat(Objects.requireNonNull(answer.request()).outcome().role()).isEqualTo(Role.OK);
  }

  @Test
  void writeIntoTheLargePageReadsThreeTablesAndFillsTheIotlb() {
    lab.run(WorkedExample.write());
    PathPicture picture = last();
    assertThat(picture.request().in(texts)).isEqualTo("00:03.0 writes 4 bytes at 1_004A_BCDE");
    assertThat(picture.outcome().in(texts)).isEqualTo("✓ done → 1_800A_BCDE");
    assertThat(picture.summary().in(texts))
        .isEqualTo("2 entry reads · 3 table reads · 1 IOTLB fill");
    assertThat(titles(picture)).contains("PML4 [0]", "PDPT [4]", "PD [2] leaf", "Memory");
  }

  @Test
  void largeLeafTellsSizeRightsAndItsEntry() {
    lab.run(WorkedExample.write());
    Stage leaf =
        last().stages().stream()
            .filter(stage -> stage.title().in(texts).equals("PD [2] leaf"))
            .findFirst()
            .orElseThrow();
    assertThat(leaf.place().in(texts)).isEqualTo("10A002010");
    assertThat(leaf.detail().in(texts)).isEqualTo("2M RW SNP");
    assertThat(Objects.requireNonNull(leaf.entry()).address()).isEqualTo(WorkedExample.LARGE_LEAF);
  }

  @Test
  void secondWriteHitsTheIotlbAndReadsNoTable() {
    lab.run(WorkedExample.write());
    lab.run(WorkedExample.write());
    PathPicture picture = last();
    assertThat(picture.summary().in(texts)).isEqualTo("no table reads");
    assertThat(picture.stages().stream().filter(s -> s.id().equals("iotlb")).toList())
        .extracting(Stage::state)
        .containsExactly(Stage.State.HIT);
  }

  @Test
  void writeToNothingEndsRedAtTheEntryThatFails() {
    lab.run(WorkedExample.strayWrite());
    PathPicture picture = last();
    assertThat(picture.outcome().role()).isEqualTo(Role.BAD);
    Stage end = picture.stages().getLast();
    assertThat(end.state()).isEqualTo(Stage.State.FAULT);
    assertThat(Objects.requireNonNull(end.mark()).in(texts)).isEqualTo("✕ fault 05");
  }

  @Test
  void bandGivesTheMappedPagesRoomOnBothSides() {
    lab.run(WorkedExample.write());
    Band band = Objects.requireNonNull(last().band());
    assertThat(band.domain()).isEqualTo(0x21);
    assertThat(band.first()).isEqualTo(0x1_0000_0000L);
    assertThat(band.last()).isEqualTo(0x1_00FF_FFFFL);
    assertThat(band.runs())
        .containsExactly(new Band.Run(0x1_003F_F000L, 0x1_0060_0FFFL, Band.Kind.READ_WRITE, false));
    assertThat(band.position(0x1_0080_0000L)).isEqualTo(0.5);
  }

  /** What is mapped around the address is that of the request's PASID. */
  @Test
  void theBandIsOfThePasidThatTheRequestCarries() {
    Preset preset = Presets.named("page-request").orElseThrow();
    try (LabDouble played = LabDouble.after(preset.script().commands())) {
      PathPicture picture = Objects.requireNonNull(played.ask(PathQuery::answer).request());
      Pasid pasid =
          played.ask(
              view -> view.machine().orElseThrow().lastPath().orElseThrow().request().pasid());
      assertThat(pasid.isNone()).isFalse();
      Band band = Objects.requireNonNull(picture.band());
      int domain =
          played.ask(
              view ->
                  view.tables().uses().stream()
                      .filter(use -> use.pasid().equals(pasid))
                      .findFirst()
                      .orElseThrow()
                      .domainId());
      assertThat(band.domain()).isEqualTo(domain);
      assertThat(band.runs()).isNotEmpty();
    }
  }
}
