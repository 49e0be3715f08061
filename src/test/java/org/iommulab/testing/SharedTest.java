package org.iommulab.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SharedTest {

  @Test
  void absentFolderIsAnswerNotAnError() {
    assertThat(Shared.folder("no-such-folder")).isEmpty();
  }
}
