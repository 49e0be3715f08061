package org.iommulab.lab.script;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.iommulab.lab.language.Complaint;
import org.iommulab.progress.FileInput;
import org.iommulab.words.WhyNot;

/** Reads texts of people: files in UTF-8 of a bounded size, nothing that waits or has no end. */
public final class TextFile {

  private TextFile() {}

  /**
   * The whole text.
   *
   * @param mostMiB how large it may be, in MiB
   */
  public static String read(Path file, int mostMiB) throws Complaint {
    return read(file, file.toString(), mostMiB);
  }

  /**
   * The same for sentences that name the file elsewhere.
   *
   * @param called what the sentence begins with instead of the file's name
   */
  public static String read(Path file, String called, int mostMiB) throws Complaint {
    try (InputStream in = FileInput.open(file)) {
      int most = mostMiB << 20;
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new Complaint(
            String.format(
                Locale.ROOT, "%s has more than %d MiB, too much to be read", called, mostMiB));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw new Complaint(called + " does not exist");
    } catch (AccessDeniedException e) {
      throw new Complaint(called + " may not be read by this user");
    } catch (CharacterCodingException e) {
      throw new Complaint(called + " is not a text file in UTF-8");
    } catch (IOException e) {
      throw new Complaint(called + " cannot be read: " + WhyNot.read(e));
    }
  }
}
