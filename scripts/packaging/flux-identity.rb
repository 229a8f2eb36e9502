# A formula of Homebrew. `scripts/formula` fills what is in capitals with a release.
class FluxIdentity < Formula
  desc "Compiles the cloud identities of Flux controllers to kustomizations"
  homepage "HOMEPAGE"
  # Homebrew takes 64 for the version of an archive for arm64.
  version "VERSION"
  license "Apache-2.0"

  on_macos do
    on_arm do
      url "RELEASES/vVERSION/flux-identity_VERSION_darwin_arm64.tar.gz"
      sha256 "SHA256_DARWIN_ARM64"
    end
    on_intel do
      url "RELEASES/vVERSION/flux-identity_VERSION_darwin_amd64.tar.gz"
      sha256 "SHA256_DARWIN_AMD64"
    end
  end

  on_linux do
    on_arm do
      url "RELEASES/vVERSION/flux-identity_VERSION_linux_arm64.tar.gz"
      sha256 "SHA256_LINUX_ARM64"
    end
    on_intel do
      url "RELEASES/vVERSION/flux-identity_VERSION_linux_amd64.tar.gz"
      sha256 "SHA256_LINUX_AMD64"
    end
  end

  def install
    bin.install "flux-identity"
    generate_completions_from_executable(bin/"flux-identity", "completions", shells: [:bash, :zsh, :fish])
    man1.install Dir["man/*.1"]
  end

  test do
    (testpath/"identity.flux").write <<~FLUX
      cluster dev on eks {
        source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
      }
    FLUX
    system bin/"flux-identity", "build"
    assert_path_exists testpath/"clusters/dev/flux-system/kustomization.yaml"
  end
end
