/**
 * Scripts and presets: commands in files, with the words that go with them. May import {@code
 * lab.language}, {@code evidence.log} and {@code progress}.
 */
package org.iommulab.lab.script;
