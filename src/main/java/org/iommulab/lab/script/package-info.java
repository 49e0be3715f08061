/**
 * Scripts and presets: commands in files, with the words that go with them. May import {@code
 * lab.language}, {@code evidence.log}, {@code bus}, {@code progress} and {@code words}.
 */
package org.iommulab.lab.script;
